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
