import assert from "node:assert/strict";
import { test } from "node:test";
import { firstRecord, isServing } from "../../src/election/mod.ts";
import {
  boot,
  bootedPeer,
  denied,
  feed,
  makeCandidate,
  makePeer,
  makeTracker,
  receive,
  sent,
  timeOut,
  traced,
  written,
} from "./support/by_hand.ts";
import { makeNetwork, settledNetwork } from "./support/network.ts";

const ABC = ["a", "b", "c"];

test("26: a peer that comes back from isolation disturbs nobody, and its epoch has not moved", () => {
  const { network, tracker } = settledNetwork({ peers: 5, seed: 26 });
  const lonely = network.ids.find((id) => id !== tracker)!;
  const rest = network.ids.filter((id) => id !== lonely);
  const { epoch } = network.node(lonely).state;
  network.partition(rest);
  network.run(network.now + 5000);
  assert.equal(network.node(lonely).state.role, "precandidate");
  assert.equal(network.node(lonely).state.epoch, epoch);
  network.heal();
  network.run(network.now + 1000);
  assert.equal(network.agreed(), tracker);
  assert.equal(network.wins.at(-1)!.epoch, epoch);
});

test("27, 28: split pre-votes and duelling candidates converge", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const network = makeNetwork({ peers: 4, seed, latency: [1, 30], disk: [0, 5] });
    network.startAll();
    for (const id of network.ids) network.at(1, () => network.feed(id, { kind: "campaign" }));
    assert.ok(network.runUntil(() => network.agreed() !== undefined, 3000), `seed ${seed}`);
  }
});

test("29: a pre-vote is refused while heartbeats are recent, and granted after", () => {
  const peer = bootedPeer("c", ABC);
  receive(peer, "a", { kind: "HB", epoch: 1 });
  peer.now += 149;
  receive(peer, "b", { kind: "PREVOTE", epoch: 2 });
  assert.equal(denied(peer), "lease");
  receive(peer, "b", { kind: "VOTE", epoch: 2 });
  assert.equal(denied(peer), "lease");
  assert.equal(peer.state.epoch, 1, "a refused epoch is not taken over");
  peer.now += 1;
  receive(peer, "b", { kind: "PREVOTE", epoch: 2 });
  assert.equal(denied(peer), undefined);
  assert.equal(peer.state.epoch, 1);
});

test("29: pre-votes are granted to more than one, and leave the deadline alone", () => {
  const peer = bootedPeer("c", ABC);
  const { deadline } = peer.state;
  for (const from of ["a", "b"]) {
    receive(peer, from, { kind: "PREVOTE", epoch: 1 });
    const [reply] = sent(peer);
    assert.equal(reply?.message.kind === "PREVOTE_R" && reply.message.granted, true);
  }
  assert.equal(peer.state.deadline, deadline);
});

test("30: a tracker steps down without a quorum's answers, and not with them", () => {
  const { network, tracker } = settledNetwork({ peers: 5, seed: 30 });
  const others = network.ids.filter((id) => id !== tracker);
  for (const id of others.slice(0, 2)) network.cut(tracker, id);
  network.run(network.now + 2000);
  assert.equal(network.node(tracker).state.role, "tracker");
  const { lease, heartbeat } = network.node(tracker).settings;
  network.cut(tracker, others[2]!);
  const cut = network.now;
  network.run(cut + lease);
  assert.equal(isServing(network.node(tracker).state, network.now), false, "L3: within the lease");
  network.run(cut + lease + heartbeat);
  assert.equal(network.node(tracker).state.role, "follower", "L3: one heartbeat later");
});

test("30: stepping down keeps epoch and vote, and withdraws the name", () => {
  const peer = bootedPeer("a", ABC);
  makeTracker(peer, ["b"]);
  peer.now = peer.state.graceUntil;
  timeOut(peer);
  assert.deepEqual([peer.state.role, peer.state.epoch, peer.state.votedFor], ["follower", 1, "a"]);
  assert.ok(peer.effects.some((effect) => effect.kind === "unregister" && effect.epoch === 1));
  assert.ok(peer.state.deadline >= peer.now + 150);
});

test("31: a peer stuck at a higher epoch is freed by the answer to a heartbeat", () => {
  const { network, tracker } = settledNetwork({ peers: 3, seed: 31 });
  const stuck = network.ids.find((id) => id !== tracker)!;
  network.crash(stuck);
  const epoch = network.wins.at(-1)!.epoch + 4;
  network.node(stuck).disk = {
    kind: "ok",
    record: { ...firstRecord(network.ids), epoch, votedFor: stuck, incarnation: 7 },
  };
  network.start(stuck);
  assert.ok(network.runUntil(() => network.agreed() !== undefined, 3000));
  assert.ok(network.wins.at(-1)!.epoch > epoch);
});

test("32, 33: a peer that was behind becomes tracker once the leases are over", () => {
  const { network, tracker } = settledNetwork({ peers: 3, seed: 32 });
  const [behind, other] = network.ids.filter((id) => id !== tracker) as [string, string];
  network.crash(behind);
  network.crash(tracker);
  network.start(tracker);
  assert.ok(network.runUntil(() => network.agreed([tracker, other]) !== undefined, 3000));
  network.start(behind);
  network.feed(other, { kind: "lag", ms: 1200 });
  network.run(network.now + 1);
  network.crash(network.wins.at(-1)!.peer);
  assert.ok(network.runUntil(() => network.agreed() !== undefined, 3000));
});

test("34: a tracker that resigns stops serving first, and its successor comes without waiting", () => {
  const { network, tracker } = settledNetwork({ peers: 5, seed: 34 });
  const at = network.now;
  network.feed(tracker, { kind: "resign" });
  assert.equal(network.serving(), undefined);
  assert.ok(network.runUntil(() => network.agreed() !== undefined, 60));
  assert.notEqual(network.agreed(), tracker);
  assert.ok(network.now - at < 60);
});

test("34: successors ask one after the other, in the order of the electorate", () => {
  const voters = ["a", "b", "c", "d", "e"];
  const waits = ["a", "b", "d", "e"].map((id) => {
    const peer = bootedPeer(id, voters);
    receive(peer, "c", { kind: "HB", epoch: 1 });
    receive(peer, "c", { kind: "RESIGN", epoch: 1 });
    return peer.state.deadline - peer.now;
  });
  // 150 ms is the shortest timeout: a turn is an eighth of it, and the jitter at most 1 ms.
  waits.forEach((wait, turn) => {
    assert.ok(wait >= turn * 18.75 && wait <= turn * 18.75 + 1, `${wait}`);
  });
});

test("34: only the resignation of the present tracker voids the promise to it", () => {
  const peer = bootedPeer("c", ABC);
  receive(peer, "a", { kind: "HB", epoch: 1 });
  for (const [from, epoch] of [["b", 1], ["a", 0], ["a", 2]] as const) {
    receive(peer, from, { kind: "RESIGN", epoch });
    assert.equal(peer.state.tracker, "a");
  }
  receive(peer, "a", { kind: "RESIGN", epoch: 1 });
  assert.equal(peer.state.tracker, undefined);
  assert.ok(peer.state.deadline <= peer.now + 20);
  receive(peer, "b", { kind: "PREVOTE", epoch: 2 });
  assert.equal(denied(peer), undefined);
});

test("the announced death of the tracker is heeded only where the host asked for it", () => {
  for (const downDetector of [false, true]) {
    const peer = bootedPeer("c", ABC, { downDetector });
    receive(peer, "a", { kind: "HB", epoch: 1 });
    feed(peer, { kind: "peer_down", peer: "b" });
    assert.equal(peer.state.tracker, "a");
    feed(peer, { kind: "peer_down", peer: "a" });
    assert.equal(peer.state.tracker, downDetector ? undefined : "a");
    assert.equal(peer.state.deadline <= peer.now + 20, downDetector);
  }
});

test("36: a learner follows, but neither campaigns nor votes, and is not counted", () => {
  const peer = makePeer("d", ABC);
  boot(peer, { kind: "ok", record: firstRecord(ABC) });
  assert.equal(traced(peer, "learner")[0]?.why, "not_in_electorate");
  written(peer);
  for (const kind of ["VOTE", "PREVOTE"] as const) {
    receive(peer, "a", { kind, epoch: 5 });
    assert.equal(denied(peer), "learner");
  }
  receive(peer, "a", { kind: "HB", epoch: 5, seq: 1 });
  assert.deepEqual([peer.state.role, peer.state.tracker], ["learner", "a"]);
  assert.deepEqual(sent(peer).map(({ message }) => message.kind), ["HB_R"]);
  feed(peer, { kind: "campaign" });
  assert.deepEqual(peer.effects, []);
  timeOut(peer);
  assert.deepEqual([peer.state.role, peer.state.tracker], ["learner", undefined]);
  assert.deepEqual(sent(peer), []);
});

test("36: learners that the host names get heartbeats and resignations, and count for nothing", () => {
  const peer = bootedPeer("a", ABC);
  feed(peer, { kind: "learners", peers: ["d", "b", "a"] });
  assert.deepEqual(peer.state.learners, ["d"]);
  makeTracker(peer, ["b"]);
  assert.deepEqual(sent(peer).map(({ to }) => to), ["b", "c", "d"]);
  receive(peer, "d", { kind: "HB_R", epoch: 1, seq: 1 });
  assert.equal(isServing(peer.state, peer.now), false);
  feed(peer, { kind: "resign" });
  assert.deepEqual(sent(peer).map(({ to }) => to), ["b", "c", "d"]);
});

test("36: a removed voter's requests and heartbeats change nothing", () => {
  const peer = bootedPeer("a", ABC);
  for (const kind of ["VOTE", "PREVOTE", "HB"] as const) {
    receive(peer, "x", { kind, epoch: 9 });
    assert.deepEqual([peer.state.epoch, peer.state.tracker], [0, undefined]);
  }
});

test("a candidate whose configuration is older is refused, and its epoch not taken over", () => {
  const peer = makePeer("a", ABC);
  const config = { epoch: 1, version: 3, voters: ABC };
  boot(peer, { kind: "ok", record: { ...firstRecord(ABC), config, incarnation: 1 } });
  peer.now += 150;
  for (const kind of ["VOTE", "PREVOTE"] as const) {
    receive(peer, "b", { kind, epoch: 2, configEpoch: 1, configVersion: 2 });
    assert.equal(denied(peer), "old_config");
    assert.equal(peer.state.epoch, 0);
  }
  receive(peer, "b", { kind: "VOTE", epoch: 2, configEpoch: 1, configVersion: 3 });
  assert.equal(denied(peer), undefined);
});

test("a heartbeat moves the deadline, not the host's timer", () => {
  const peer = bootedPeer("c", ABC);
  receive(peer, "a", { kind: "HB", epoch: 1 });
  written(peer);
  peer.now += 50;
  receive(peer, "a", { kind: "HB", epoch: 1, seq: 2 });
  assert.ok(peer.effects.every(({ kind }) => kind !== "timer"));
  assert.ok(peer.state.deadline > peer.state.armed);
});

test("a candidate is not disturbed by answers of another round", () => {
  const peer = bootedPeer("a", ABC);
  makeCandidate(peer, ["b"]);
  written(peer);
  receive(peer, "b", { kind: "VOTE_R", epoch: 0 });
  receive(peer, "b", { kind: "PREVOTE_R", epoch: 1, myEpoch: 0 });
  assert.deepEqual(peer.state.tally, ["a"]);
});
