import assert from "node:assert/strict";
import { test } from "node:test";
import type { SystemEvent } from "../../src/actor.ts";
import type { Cluster, ClusterSettings } from "../../src/cluster/mod.ts";

/** A cluster to break, on some runtime. Ends with the scope, which fails if an invariant of the election broke. */
export interface FaultBed extends AsyncDisposable {
  readonly cluster: Cluster;
  /** The events so far. */
  readonly events: readonly SystemEvent[];
  /** Lets time pass until `holds`, looked at after every event. */
  until(what: string, holds: () => boolean): Promise<void>;
}

/** Makes a cluster on the runtime under test. */
export type MakeBed = (settings?: ClusterSettings) => Promise<FaultBed>;

/** What every runtime's faults do. */
export function faultsConform(runtime: string, make: MakeBed): void {
  const it = (name: string, fn: () => Promise<void>): void => void test(`${runtime}: ${name}`, fn);

  it("a tracker that is parted from the others is replaced, and follows when the parts are one again", async () => {
    await using bed = await make();
    const { cluster } = bed;
    const { tracker, epoch } = await cluster.tracker();
    const rest = cluster.peers.filter((peer) => peer !== tracker);
    const fault = cluster.faults.partition([rest]);
    assert.deepEqual(
      cluster.faults.active().map(({ id, verb, peers }) => ({ id, verb, peers })),
      [{ id: fault.id, verb: "partition", peers: cluster.peers }],
    );
    await bed.until("another tracker", () => wins(bed, epoch).some((peer) => peer !== tracker));
    await bed.until(
      "the end of the old tracker's office",
      () => role(cluster, tracker) !== "tracker",
    );
    await fault.undo();
    const next = await cluster.tracker({ above: epoch });
    assert.notEqual(next.tracker, tracker);
    assert.deepEqual(cluster.faults.active(), []);
    const told = bed.events.filter(({ kind }) => kind.startsWith("fault."));
    assert.deepEqual(told.map(({ kind, data }) => [kind, data["id"]]), [
      ["fault.partition", fault.id],
      ["fault.undone", fault.id],
    ]);
  });

  it("a tracker whose words are lost is replaced, though it hears everyone", async () => {
    await using bed = await make();
    const { cluster } = bed;
    const { tracker, epoch } = await cluster.tracker();
    cluster.faults.link(["tracker"], cluster.peers, { blocked: true });
    await bed.until("another tracker", () => wins(bed, epoch).some((peer) => peer !== tracker));
    const next = await cluster.tracker({ above: epoch });
    assert.notEqual(next.tracker, tracker);
  });

  it("two faults on one link last until both are undone", async () => {
    await using bed = await make({ peers: 2 });
    const { cluster } = bed;
    const { epoch } = await cluster.tracker();
    const first = cluster.faults.partition([]);
    const second = cluster.faults.link([1, 2], [1, 2], { blocked: true });
    await bed.until("nobody to be tracker", () => trackers(cluster).length === 0);
    await first.undo();
    await first.undo();
    assert.deepEqual(cluster.faults.active().map(({ id }) => id), [second.id]);
    const tries = (): number => bed.events.filter(({ kind }) => kind === "election.prevote").length;
    const before = tries();
    await bed.until("elections in vain", () => tries() >= before + 4);
    assert.deepEqual(wins(bed, epoch), []);
    await second.undo();
    await cluster.tracker({ above: epoch });
  });

  it("a tracker that is paused is replaced, is not killed, and goes on as a follower", async () => {
    await using bed = await make();
    const { cluster } = bed;
    const { tracker, epoch } = await cluster.tracker();
    const fault = cluster.faults.pause("tracker");
    await bed.until("another tracker", () => wins(bed, epoch).some((peer) => peer !== tracker));
    await fault.undo();
    const next = await cluster.tracker({ above: epoch });
    assert.notEqual(next.tracker, tracker);
    assert.equal(bed.events.find(({ kind }) => kind === "peer.down"), undefined);
  });

  it("a pause ends with the peer that it stops", async () => {
    await using bed = await make({ peers: 3 });
    const { cluster } = bed;
    await cluster.tracker();
    const fault = cluster.faults.pause(3);
    await cluster.restart(3);
    await cluster.tracker();
    assert.deepEqual(cluster.faults.active(), []);
    await fault.undo();
    assert.equal(bed.events.filter(({ kind }) => kind === "fault.undone").length, 1);
    assert.throws(() => cluster.faults.pause(9), { code: "invalid_option" });
  });

  it("a peer that restarts comes back into the part that it was in", async () => {
    await using bed = await make({ peers: 3 });
    const { cluster } = bed;
    await cluster.tracker();
    const fault = cluster.faults.partition([[1, 2]]);
    await bed.until("a tracker of two", () => {
      const [one, two] = [follows(cluster, "peer-1"), follows(cluster, "peer-2")];
      return one !== undefined && one === two && one !== "peer-3" &&
        role(cluster, "peer-3") !== "tracker";
    });
    await cluster.restart(3);
    const tries = (): number =>
      bed.events.filter(({ kind, data }) =>
        kind === "election.prevote" && data["peer"] === "peer-3"
      )
        .length;
    const before = tries();
    await bed.until("elections in vain", () => tries() >= before + 2);
    assert.equal(follows(cluster, "peer-3"), undefined);
    await fault.undo();
    await bed.until("the third one to follow", () => follows(cluster, "peer-3") !== undefined);
  });

  it("everything is undone at once, links first", async () => {
    await using bed = await make({ peers: 3 });
    const { cluster } = bed;
    const { faults } = cluster;
    await cluster.tracker();
    faults.slow(1, 1);
    faults.link([1], [2], { delay: 5 });
    faults.partition([[1, 2]]);
    const undone = await faults.undoAll();
    assert.deepEqual(undone.map(({ verb }) => verb), ["slow", "link", "partition"]);
    const told = bed.events.filter(({ kind }) => kind === "fault.undone");
    assert.deepEqual(told.map(({ data }) => data["verb"]), ["link", "partition", "slow"]);
    await cluster.tracker();
  });

  for (const fault of [{ failing: true }, { full: true }, { stalled: true }]) {
    it(`no vote is given while disks are ${Object.keys(fault)}, and again when they are not`, async () => {
      await using bed = await make({ peers: 3 });
      const { cluster } = bed;
      const { tracker, epoch } = await cluster.tracker();
      for (const peer of cluster.peers) cluster.faults.disk(peer, fault);
      await cluster.crash(tracker, "terminate", { hold: true });
      const tries = count(bed, "election.prevote");
      await bed.until("elections in vain", () => count(bed, "election.prevote") >= tries + 3);
      assert.deepEqual(wins(bed, epoch), []);
      await cluster.faults.undoAll();
      await cluster.tracker({ above: epoch });
    });
  }

  it("a slow disk makes every vote take longer", async () => {
    await using bed = await make({ peers: 3, profile: "seed" });
    const { cluster } = bed;
    const { tracker, epoch } = await cluster.tracker();
    for (const peer of cluster.peers) cluster.faults.disk(peer, { slow: 40 });
    await cluster.crash(tracker, "terminate", { hold: true });
    await cluster.tracker({ above: epoch });
    const at = (kind: string): number | undefined =>
      bed.events.find(({ kind: each, data }) => each === kind && Number(data["epoch"]) > epoch)?.at;
    const [asked = 0, stored = 0] = [at("election.persist"), at("election.stored")];
    // One durable write.
    assert.ok(stored - asked >= 39, `${stored - asked} ms`);
  });

  for (const verb of ["tear", "wipe"] as const) {
    it(`a peer that loses its votes (${verb}) starts again as a learner, and follows`, async () => {
      await using bed = await make({ peers: 3 });
      const { cluster } = bed;
      await cluster.tracker();
      await cluster.faults[verb](3);
      const { lost, role } = await cluster.peer(3).status();
      assert.deepEqual({ lost, role }, { lost: true, role: "learner" });
      await bed.until("it to follow", () => follows(cluster, "peer-3") !== undefined);
      assert.equal(count(bed, `fault.${verb}`, "peer-3"), 1);
      assert.equal(count(bed, "fault.crash"), 0);
    });

    it(`a peer that is down stays down when it loses its votes (${verb})`, async () => {
      await using bed = await make({ peers: 3 });
      const { cluster } = bed;
      await cluster.tracker();
      await cluster.crash(3, "terminate", { hold: true });
      await cluster.faults[verb](3);
      assert.equal(role(cluster, "peer-3"), "down");
      await cluster.restart(3);
      assert.equal((await cluster.peer(3).status()).role, "learner");
    });
  }

  it("a peer that has lost all that it could lose comes back from the next loss, too", async () => {
    await using bed = await make({ peers: 3 });
    const { cluster } = bed;
    await cluster.tracker();
    await cluster.faults.wipe(3);
    await cluster.faults.tear(3);
    assert.equal((await cluster.peer(3).status()).lost, true);
  });

  it("a peer that fills its heap ends with out_of_memory, and is started again", async () => {
    await using bed = await make({ peers: 3 });
    const { cluster } = bed;
    await cluster.tracker();
    await cluster.crash(3, "memory");
    await bed.until("its end", () => count(bed, "peer.down", "peer-3") > 0);
    const down = bed.events.find(({ kind }) => kind === "peer.down");
    const { error } = down?.data["reason"] as { readonly error?: { readonly code?: string } };
    assert.equal(error?.code, "out_of_memory");
    await bed.until("its return", () => count(bed, "peer.up", "peer-3") > 0);
    await cluster.tracker();
  });

  it("a tracker is elected while the name server is down, and has its names when that is back", async () => {
    await using bed = await make({ peers: 3 });
    const { cluster } = bed;
    const { tracker, epoch } = await cluster.tracker();
    const fault = cluster.faults.registry();
    await bed.until("the end of the name server", () => count(bed, "node.down") > 0);
    const crashed = cluster.crash(tracker, "terminate");
    await bed.until("a win", () => wins(bed, epoch).length > 0);
    await fault.undo();
    await crashed;
    await bed.until("the names", () => count(bed, "tracker.registered", wins(bed, epoch)[0]) > 0);
    await cluster.tracker({ above: epoch });
  });

  it("timers that are aligned end at one moment, timers that are spread do not", async () => {
    const timers = { heartbeat: 50, timeoutMin: 400, timeoutMax: 1_400 };
    const asked = async (how: "align" | "spread"): Promise<number> => {
      await using bed = await make({ peers: 5, timers });
      const { cluster } = bed;
      const { tracker, epoch } = await cluster.tracker();
      // A round of votes takes longer than what comes between the ends of aligned timers.
      cluster.faults.link(cluster.peers, cluster.peers, { delay: 15 });
      await cluster.faults.timers(how);
      const before = count(bed, "election.prevote");
      const { time } = cluster;
      // Everyone hears a heartbeat after it was told.
      const heard = time.now() + 2 * timers.heartbeat + 15;
      await time.wait("heartbeats", new Promise<void>((resolve) => time.at(heard, resolve)));
      await cluster.crash(tracker, "terminate", { hold: true });
      await cluster.tracker({ above: epoch });
      return count(bed, "election.prevote") - before;
    };
    assert.equal(await asked("spread"), 1);
    assert.ok(await asked("align") >= 2);
  });

  it("a tracker that is told to resigns, and others are refused", async () => {
    await using bed = await make({ peers: 3 });
    const { cluster } = bed;
    const { tracker, epoch } = await cluster.tracker();
    const other = cluster.peers.find((peer) => peer !== tracker) as string;
    await assert.rejects(cluster.faults.resign(other), { code: "not_tracker" });
    await cluster.faults.resign("tracker");
    await cluster.tracker({ above: epoch });
  });
}

function count({ events }: FaultBed, kind: string, peer?: string): number {
  return events.filter((event) =>
    event.kind === kind && (peer === undefined || event.data["peer"] === peer)
  ).length;
}

function wins({ events }: FaultBed, above: number): string[] {
  return events
    .filter(({ kind, data }) => kind === "election.win" && Number(data["epoch"]) > above)
    .map(({ data }) => String(data["peer"]));
}

function role(cluster: Cluster, peer: string): string | undefined {
  return cluster.view().find(({ id }) => id === peer)?.role;
}

function trackers(cluster: Cluster): string[] {
  return cluster.view().filter(({ role }) => role === "tracker").map(({ id }) => id);
}

function follows(cluster: Cluster, peer: string): string | undefined {
  return cluster.view().find(({ id }) => id === peer)?.tracker;
}
