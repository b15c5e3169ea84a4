import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Change,
  type Config,
  firstRecord,
  isAgreed,
  isServing,
  leaseUntil,
} from "../../src/election/mod.ts";
import {
  boot,
  bootedPeer,
  type ByHand,
  denied,
  feed,
  makePeer,
  makeTracker,
  receive,
  restarted,
  sent,
  timeOut,
  traced,
  written,
} from "./support/by_hand.ts";
import type { Network } from "./support/network.ts";
import { runRandomFaults } from "./support/random_faults.ts";
import { watchedNetwork } from "./support/watched.ts";

const ABC = ["a", "b", "c"];

function change(peer: ByHand, wanted: Change): void {
  feed(peer, { kind: "reconfigure", change: wanted });
}

/** `from` answers the tracker's last heartbeat, holding the electorate of that id. */
function answer(tracker: ByHand, from: string, config: Config = tracker.state.config): void {
  const { epoch, seq } = tracker.state;
  const { epoch: configEpoch, version: configVersion } = config;
  receive(tracker, from, { kind: "HB_R", epoch, seq, configEpoch, configVersion });
}

/** A tracker of epoch 1 that serves. */
function servingTracker(electorate: readonly string[] = ABC): ByHand {
  const a = bootedPeer("a", electorate);
  const others = electorate.filter((id) => id !== "a");
  makeTracker(a, others);
  for (const id of others) answer(a, id);
  assert.ok(isServing(a.state, a.now) || electorate.length === 1);
  return a;
}

/** Kinds of what was sent to `to`. */
function kindsTo(peer: ByHand, to: string): string[] {
  return sent(peer).filter((out) => out.to === to).map(({ message }) => message.kind);
}

/** Tells `to` the electorate of `from`, which it shows to hold an older one. */
function tell(from: ByHand, to: ByHand): void {
  const { config } = from.state;
  receive(to, from.id, {
    kind: "CONFIG",
    epoch: from.state.epoch,
    configEpoch: config.epoch,
    configVersion: config.version,
    voters: config.voters,
  });
}

test("46: a change first makes the electorate one of the tracker's epoch, and waits until a quorum holds it", () => {
  const a = servingTracker();
  change(a, { add: "d" });
  assert.deepEqual(a.state.config, { epoch: 1, version: 1, voters: ABC });
  assert.deepEqual(kindsTo(a, "b"), ["CONFIG", "HB"]);
  written(a);
  assert.equal(a.state.config.version, 1, "the tracker alone is no quorum");
  answer(a, "b", { epoch: 0, version: 1, voters: ABC });
  assert.equal(a.state.config.version, 1, "an answer under an older electorate does not count");
  answer(a, "b");
  assert.deepEqual(a.state.config, { epoch: 1, version: 2, voters: [...ABC, "d"] });
  assert.deepEqual(kindsTo(a, "d"), ["CONFIG", "HB"]);
  assert.equal(a.state.change, undefined);
});

test("46: the next change waits until a quorum of the electorate before it holds that, and one waits at a time", () => {
  const a = servingTracker();
  change(a, { add: "d" });
  written(a);
  answer(a, "b");
  change(a, { add: "e" });
  change(a, { add: "f" });
  assert.deepEqual(traced(a, "config_refused").map(({ why }) => why), ["busy"]);
  written(a);
  answer(a, "b");
  assert.equal(a.state.config.version, 2, "two of four are no quorum");
  assert.equal(isAgreed(a.state), false);
  answer(a, "d");
  assert.deepEqual(a.state.config.voters, ["a", "b", "c", "d", "e"]);
});

test("46: the tracker's own electorate counts when it is on its disk, and no sooner", () => {
  const a = servingTracker();
  change(a, { add: "d" });
  answer(a, "b");
  const { writes, incarnation } = a.state;
  feed(a, { kind: "persisted", write: writes - 1, incarnation });
  assert.equal(a.state.config.version, 1);
  written(a);
  assert.equal(a.state.config.version, 2);
});

test("46: an answer of a peer in another epoch says nothing about the electorate", () => {
  const a = servingTracker();
  change(a, { add: "d" });
  written(a);
  const { seq } = a.state;
  receive(a, "b", {
    kind: "HB_R",
    epoch: 0,
    myEpoch: 1,
    seq,
    configEpoch: 1,
    configVersion: 1,
  });
  assert.equal(a.state.config.version, 1);
});

test("46: a change that makes no sense is refused with the reason", () => {
  const a = servingTracker();
  const refused = (wanted: Change): string | undefined => {
    change(a, wanted);
    return traced(a, "config_refused")[0]?.why;
  };
  assert.equal(refused({ remove: "a" }), "resign_first");
  const b = bootedPeer("b", ABC);
  change(b, { add: "d" });
  assert.equal(traced(b, "config_refused")[0]?.why, "not_tracker");
});

test("46: asked for what is so already, a tracker only sees to it that a quorum holds it", () => {
  const a = servingTracker();
  change(a, { add: "b" });
  assert.deepEqual(traced(a, "config_agreed"), []);
  written(a);
  answer(a, "b");
  const agreed = [{ kind: "config_agreed", epoch: 1, version: 1, voters: ABC }] as const;
  assert.deepEqual(traced(a, "config_agreed"), agreed);
  change(a, { remove: "d" });
  assert.deepEqual(traced(a, "config_agreed"), agreed);
  assert.deepEqual([a.state.change, a.state.config.version], [undefined, 1]);
});

test("46: a learner that is named a voter writes that, waits a timeout, and may then vote and stand", () => {
  const d = makePeer("d", ABC);
  boot(d, { kind: "ok", record: firstRecord(ABC) });
  assert.equal(d.state.role, "learner");
  const a = servingTracker();
  feed(a, { kind: "learners", peers: ["d"] });
  change(a, { add: "d" });
  written(a);
  answer(a, "b");
  tell(a, d);
  assert.deepEqual([d.state.role, d.record.config], ["follower", a.state.config]);
  assert.equal(traced(d, "voter").length, 1);
  written(d);
  d.now += d.state.settings.timeoutMin;
  const { epoch: configEpoch, version: configVersion } = d.state.config;
  receive(d, "b", { kind: "VOTE", epoch: 2, configEpoch, configVersion });
  assert.equal(d.state.votedFor, "b");
  const again = restarted(d);
  timeOut(again);
  assert.equal(again.state.role, "precandidate");
});

test("46: a voter that is removed becomes a learner for good, and its round ends", () => {
  const c = bootedPeer("c", ABC);
  timeOut(c);
  assert.equal(c.state.role, "precandidate");
  receive(c, "a", {
    kind: "CONFIG",
    epoch: 1,
    configEpoch: 1,
    configVersion: 2,
    voters: ["a", "b"],
  });
  assert.deepEqual([c.state.role, c.state.tally], ["learner", []]);
  assert.equal(traced(c, "learner")[0]?.why, "removed");
  c.now += 10_000;
  timeOut(c);
  assert.deepEqual(sent(c), []);
  assert.equal(restarted(c).state.role, "learner");
});

test("46: a candidate whose electorate changes under it wins nothing in that epoch any more", () => {
  const a = bootedPeer("a", ABC);
  timeOut(a);
  receive(a, "b", { kind: "PREVOTE_R", epoch: 1, myEpoch: 0 });
  written(a);
  assert.equal(a.state.role, "candidate");
  receive(a, "c", {
    kind: "CONFIG",
    epoch: 1,
    configEpoch: 0,
    configVersion: 2,
    voters: [...ABC, "d"],
  });
  receive(a, "b", { kind: "VOTE_R", epoch: 1 });
  receive(a, "c", { kind: "VOTE_R", epoch: 1 });
  assert.equal(a.state.role, "follower");
  receive(a, "c", { kind: "VOTE", epoch: 1, configVersion: 2, uri: "peer://0" });
  assert.equal(denied(a), "sealed");
});

test("46: whoever shows an older electorate is told the newer one, and asks again with it", () => {
  const b = bootedPeer("b", ABC);
  const news = {
    kind: "CONFIG",
    epoch: 1,
    configEpoch: 1,
    configVersion: 2,
    voters: [...ABC, "d"],
  } as const;
  receive(b, "a", news);
  receive(b, "c", { kind: "PREVOTE", epoch: 2 });
  assert.deepEqual(kindsTo(b, "c"), ["CONFIG", "PREVOTE_R"]);
  assert.equal(denied(b), "old_config");
  receive(b, "a", { ...news, configVersion: 1, voters: ABC });
  assert.equal(b.state.config.version, 2, "an older electorate is not taken over");
});

test("46: a tracker outdates what a tracker before it left unfinished", () => {
  const a = bootedPeer("a", ABC, { epoch: 4 });
  makeTracker(a, ["b", "c"]);
  assert.deepEqual([a.state.epoch, a.state.config.epoch], [5, 0]);
  receive(a, "c", { kind: "PREVOTE", epoch: 6, configEpoch: 4, configVersion: 2 });
  assert.deepEqual(a.state.config, { epoch: 5, version: 1, voters: ABC });
  assert.equal(a.state.role, "tracker");
});

test("46: an electorate of a higher epoch ends the office of a tracker that missed it", () => {
  const a = servingTracker();
  receive(a, "b", {
    kind: "CONFIG",
    epoch: 3,
    configEpoch: 3,
    configVersion: 2,
    voters: [...ABC, "d"],
  });
  assert.deepEqual([a.state.role, a.state.epoch], ["follower", 3]);
  assert.equal(a.state.config.version, 2);
});

test("46: a tracker that leaves its office drops the change that it waited with", () => {
  const a = servingTracker();
  change(a, { add: "d" });
  feed(a, { kind: "resign" });
  assert.deepEqual(traced(a, "config_dropped"), [{ kind: "config_dropped", change: { add: "d" } }]);
  assert.deepEqual([a.state.change, a.state.holders], [undefined, []]);
});

test("46: a voter added to one alone costs the tracker neither office nor, once it answers, its lease", () => {
  const a = servingTracker(["a"]);
  written(a);
  change(a, { add: "b" });
  written(a);
  assert.deepEqual(a.state.config.voters, ["a", "b"]);
  assert.equal(isServing(a.state, a.now), false);
  timeOut(a);
  assert.equal(a.state.role, "tracker");
  answer(a, "b");
  assert.ok(isServing(a.state, a.now));
  a.now = Math.max(leaseUntil(a.state), a.state.graceUntil);
  timeOut(a);
  assert.equal(a.state.role, "follower");
});

test("a peer that lost its disk takes a new electorate over, and still votes for nobody", () => {
  const c = makePeer("c", ABC);
  boot(c, { kind: "missing" });
  receive(c, "a", {
    kind: "CONFIG",
    epoch: 1,
    configEpoch: 1,
    configVersion: 2,
    voters: [...ABC, "d"],
  });
  assert.deepEqual([c.state.role, c.state.config.version], ["learner", 2]);
  assert.ok(c.effects.every((effect) => effect.kind !== "persist"));
});

/** Waits until the tracker's electorate is `voters`, and agreed on. */
function agreed(network: Network, voters: readonly string[]): boolean {
  return network.runUntil(() => {
    const tracker = network.all().find((node) => node.up && isAgreed(node.state));
    return tracker !== undefined &&
      [...tracker.state.config.voters].sort().join() === [...voters].sort().join();
  }, 5_000);
}

test("46: peers join and leave one by one until none of the first is left, and epochs pass 100", () => {
  const { network } = watchedNetwork({ peers: 6, voters: 3, seed: 46 });
  const [p1, p2, p3, p4, p5, p6] = network.ids as [string, string, string, string, string, string];
  const all = (peers: readonly string[], wanted: Change): void => {
    for (const id of peers) network.feed(id, { kind: "reconfigure", change: wanted });
  };
  let voters = [p1, p2, p3];
  for (const [join, leave] of [[p4, p1], [p5, p2], [p6, p3]] as const) {
    all(network.ids, { add: join });
    voters = [...voters, join];
    assert.ok(agreed(network, voters), `with ${join}`);
    network.feed(leave, { kind: "resign" });
    assert.ok(network.runUntil(() => network.agreed() !== undefined, 5_000));
    all(network.ids, { remove: leave });
    voters = voters.filter((id) => id !== leave);
    assert.ok(agreed(network, voters), `without ${leave}`);
  }
  network.crash(p1);
  network.crash(p2);
  network.crash(p3);
  while (network.wins.length < 102) {
    const { length } = network.wins;
    assert.ok(network.runUntil(() => network.serving() !== undefined, 5_000));
    network.feed(network.serving()!, { kind: "resign" });
    assert.ok(network.runUntil(() => network.wins.length > length, 5_000));
  }
  assert.ok(network.runUntil(() => network.agreed() !== undefined, 5_000));
  assert.ok(network.node(p4).state.epoch > 100);
});

test("46: a tracker cut off from its quorum changes nothing, and its half-made electorate is outdated", () => {
  const { network, tracker } = watchedNetwork({ peers: 5, seed: 47 });
  const [near, ...rest] = network.ids.filter((id) => id !== tracker) as [string, ...string[]];
  network.partition([tracker, near], rest);
  // Both carried out, it would have a quorum with the one that it still reaches, and the others one without it.
  for (const remove of rest.slice(0, 2)) {
    network.feed(tracker, { kind: "reconfigure", change: { remove } });
    network.run(network.now + 10);
  }
  assert.ok(network.runUntil(() => rest.includes(network.agreed(rest)!), 5_000));
  assert.equal(network.node(tracker).state.config.voters.length, 5);
  network.heal();
  assert.ok(network.runUntil(() => network.agreed() !== undefined, 5_000));
  const last = network.agreed()!;
  assert.ok(rest.includes(last));
  network.feed(last, { kind: "reconfigure", change: { remove: tracker } });
  assert.ok(agreed(network, [near, ...rest]));
  assert.ok(network.runUntil(() => network.node(tracker).state.role === "learner", 5_000));
});

test("46: no two peers win one epoch while the electorate changes under partitions and crashes", () => {
  const faults = ["reconfigure", "split", "crash", "deafen", "crashTracker"];
  for (let seed = 1; seed <= 1_000; seed++) {
    try {
      runRandomFaults(seed, faults);
    } catch (error) {
      throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
    }
  }
});
