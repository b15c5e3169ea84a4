import assert from "node:assert/strict";
import { test } from "node:test";
import { firstRecord, isServing, leaseUntil } from "../../src/election/mod.ts";
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
  sentAfterWrite,
  timeOut,
  traced,
  written,
} from "./support/by_hand.ts";
import { Broken, makeChecker } from "./support/invariants.ts";
import { makeNetwork, settledNetwork } from "./support/network.ts";
import { between, pick, seeded } from "./support/random.ts";

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

test("a lease counts from when the heartbeats were sent, not from their answers", () => {
  const peer = bootedPeer("a", ["a", "b", "c", "d", "e"]);
  makeTracker(peer, ["b", "c"]);
  const won = peer.now;
  assert.equal(isServing(peer.state, won), false, "votes are no promises");
  peer.now += 40;
  receive(peer, "b", { kind: "HB_R", epoch: 1, seq: 1 });
  assert.equal(isServing(peer.state, peer.now), false, "one answer of two needed");
  receive(peer, "b", { kind: "HB_R", epoch: 1, seq: 1 });
  receive(peer, "f", { kind: "HB_R", epoch: 1, seq: 1 });
  receive(peer, "c", { kind: "HB_R", epoch: 1, seq: 9 });
  assert.equal(
    isServing(peer.state, peer.now),
    false,
    "twice the same, a stranger, a round never sent",
  );
  receive(peer, "c", { kind: "HB_R", epoch: 1, seq: 1 });
  assert.equal(leaseUntil(peer.state), won + 135);
  assert.deepEqual(traced(peer, "lease_gained"), [{
    kind: "lease_gained",
    epoch: 1,
    until: won + 135,
  }]);
  peer.now = won + 50;
  timeOut(peer);
  receive(peer, "d", { kind: "HB_R", epoch: 1, seq: 2 });
  assert.equal(leaseUntil(peer.state), won + 135, "the older of the two newest");
  receive(peer, "e", { kind: "HB_R", epoch: 1, seq: 2 });
  assert.equal(leaseUntil(peer.state), won + 50 + 135);
  receive(peer, "b", { kind: "HB_R", epoch: 1, seq: 1 });
  assert.equal(leaseUntil(peer.state), won + 50 + 135, "a late answer takes nothing back");
});

test("the lease equals the one by sorting all answers, whatever their order", () => {
  const rnd = seeded(1);
  for (let run = 0; run < 50; run++) {
    const ids = Array.from({ length: 2 + Math.floor(rnd() * 8) }, (_, i) => `p${i}`);
    const peer = bootedPeer("p0", ids);
    makeTracker(peer, ids.slice(1));
    const times = new Map([[peer.state.seq, peer.now]]);
    const answered = new Map<string, number>();
    for (let i = 0; i < 60; i++) {
      if (rnd() < 0.3 && isServing(peer.state, peer.state.deadline)) {
        timeOut(peer);
        times.set(peer.state.seq, peer.now);
      }
      const from = pick(rnd, ids.slice(1));
      const seq = Math.max(1, peer.state.seq - Math.floor(rnd() * 3));
      receive(peer, from, { kind: "HB_R", epoch: 1, seq });
      answered.set(from, Math.max(answered.get(from) ?? 0, times.get(seq)!));
      const newest = [...answered.values()].sort((a, b) => b - a);
      const base = newest[Math.floor(ids.length / 2) - 1];
      const expected = base === undefined ? undefined : base + 135;
      assert.equal(
        base === undefined ? leaseUntil(peer.state) < 0 : leaseUntil(peer.state),
        expected ?? true,
      );
    }
  }
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

test("34: only the resignation of the present tracker voids the promise to it", () => {
  const peer = bootedPeer("c", ABC);
  receive(peer, "a", { kind: "HB", epoch: 1 });
  for (const [from, epoch] of [["b", 1], ["a", 0], ["a", 2]] as const) {
    receive(peer, from, { kind: "RESIGN", epoch });
    assert.equal(peer.state.tracker, "a");
  }
  receive(peer, "a", { kind: "RESIGN", epoch: 1 });
  assert.equal(peer.state.tracker, undefined);
  assert.ok(peer.state.deadline <= peer.now + 15);
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
    assert.equal(peer.state.deadline <= peer.now + 15, downDetector);
  }
});

test("35: a promise outlives the epoch it was made in", () => {
  const peer = bootedPeer("c", ABC);
  receive(peer, "a", { kind: "HB", epoch: 1 });
  written(peer);
  receive(peer, "b", { kind: "PREVOTE_R", epoch: 2, granted: false, myEpoch: 2 });
  assert.deepEqual([peer.state.epoch, peer.state.votedFor], [2, undefined]);
  receive(peer, "b", { kind: "VOTE", epoch: 2 });
  assert.equal(denied(peer), "lease");
  peer.now += 150;
  receive(peer, "b", { kind: "VOTE", epoch: 2 });
  assert.equal(sentAfterWrite(peer).length, 1);
});

test("35: a restarted voter keeps still, for it forgot what it promised; one that never ran does not", () => {
  const peer = makePeer("c", ABC);
  boot(peer, { kind: "ok", record: { ...firstRecord(ABC), incarnation: 1 } });
  receive(peer, "b", { kind: "VOTE", epoch: 1 });
  assert.equal(denied(peer), "lease");
  assert.ok(peer.state.deadline >= peer.now + 150);

  const fresh = makePeer("c", ABC);
  boot(fresh, { kind: "ok", record: firstRecord(ABC) });
  receive(fresh, "b", { kind: "VOTE", epoch: 1 });
  assert.equal(denied(fresh), undefined);
});

/** Whether any two peers serve at once in a run of pauses, restarts and cuts with clocks of such rates. */
function leasesOverlap(seed: number, rates: readonly [number, number]): boolean {
  const rnd = seeded(seed);
  const checker = makeChecker();
  const network = makeNetwork({ peers: 3, seed, rate: () => pick(rnd, rates) }, [checker]);
  checker.watch(network);
  network.startAll();
  for (let at = 100; at < 3000; at += between(rnd, 20, 300)) {
    network.at(at, () => {
      const id = pick(rnd, network.ids);
      const tracker = network.all().find(({ state }) => state.role === "tracker")?.id ?? id;
      const end = network.now + between(rnd, 0, 700);
      switch (Math.floor(rnd() * 3)) {
        case 0:
          for (const other of network.ids) if (other !== tracker) network.block(tracker, other);
          return network.at(end, () => network.heal());
        case 1:
          network.pause(tracker);
          return network.at(end, () => network.resume(tracker));
        default:
          network.crash(id);
          network.start(id);
      }
    });
  }
  try {
    network.run(4000);
    return false;
  } catch (error) {
    if (error instanceof Broken && error.invariant === "I6") return true;
    throw error;
  }
}

test("35: leases do not overlap while clocks drift by 2 %, and do when they drift by 20 %", () => {
  for (let seed = 1; seed <= 300; seed++) {
    assert.equal(leasesOverlap(seed, [0.98, 1.02]), false, `seed ${seed}`);
  }
  let overlaps = 0;
  for (let seed = 1; seed <= 300 && overlaps === 0; seed++) {
    if (leasesOverlap(seed, [0.8, 1.2])) overlaps++;
  }
  assert.ok(overlaps > 0);
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
