import assert from "node:assert/strict";
import { test } from "node:test";
import { firstRecord, FOREVER, isServing, leaseUntil } from "../../src/election/mod.ts";
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
  written,
} from "./support/by_hand.ts";
import { makeNetwork, settledNetwork } from "./support/network.ts";
import { seeded } from "./support/random.ts";

const ABC = ["a", "b", "c"];

test("1: a peer starts as a follower and is silent until its first timeout", () => {
  const peer = makePeer("a", ABC);
  boot(peer, { kind: "ok", record: { ...firstRecord(ABC), incarnation: 1 } });
  assert.equal(peer.state.role, "follower");
  assert.deepEqual(sent(peer), []);
  peer.now = peer.state.deadline - 1;
  feed(peer, { kind: "timer", generation: peer.state.generation });
  assert.deepEqual(sent(peer), []);
  assert.equal(peer.state.role, "follower");
});

test("2: a timeout starts a pre-vote, which changes neither epoch nor disk", () => {
  const peer = bootedPeer("a", ABC, { epoch: 3 });
  timeOut(peer);
  assert.equal(peer.state.role, "precandidate");
  assert.equal(peer.state.epoch, 3);
  assert.deepEqual(sent(peer).map(({ to, message }) => [to, message.kind, message.epoch]), [
    ["b", "PREVOTE", 4],
    ["c", "PREVOTE", 4],
  ]);
  assert.ok(peer.effects.every((effect) => effect.kind !== "persist"));
});

test("2: a quorum of pre-votes raises the epoch; the own vote counts when it is on disk", () => {
  const peer = bootedPeer("a", ABC, { epoch: 3 });
  makeCandidate(peer, ["b"]);
  assert.equal(peer.state.role, "candidate");
  assert.equal(peer.state.epoch, 4);
  assert.deepEqual([peer.record.epoch, peer.record.votedFor], [4, "a"]);
  assert.deepEqual(sent(peer).map(({ message }) => message.kind), ["VOTE", "VOTE"]);
  assert.deepEqual(peer.state.tally, []);
  receive(peer, "b", { kind: "VOTE_R", epoch: 4 });
  receive(peer, "c", { kind: "VOTE_R", epoch: 4 });
  assert.equal(peer.state.role, "candidate", "two of three grants, but not its own");
  written(peer);
  assert.equal(peer.state.role, "tracker");
});

test("3: one round elects exactly if a quorum grants, for every pattern of votes", () => {
  for (const size of [1, 2, 3, 4, 5, 9]) {
    const ids = Array.from({ length: size }, (_, i) => `p${i}`);
    for (let pattern = 0; pattern < 1 << (size - 1); pattern++) {
      const granting = ids.slice(1).filter((_, i) => pattern & (1 << i));
      const peer = bootedPeer("p0", ids);
      makeCandidate(peer, ids.slice(1));
      written(peer);
      const { epoch } = peer.state;
      for (const from of ids.slice(1)) {
        receive(peer, from, { kind: "VOTE_R", epoch, granted: granting.includes(from) });
      }
      const wins = granting.length + 1 > size / 2;
      assert.equal(peer.state.role, wins ? "tracker" : "candidate", `${granting} of ${size}`);
    }
  }
});

test("4: each peer can become tracker in turn", () => {
  const { network } = settledNetwork({ peers: 5, seed: 4 });
  for (const id of network.ids) {
    const before = network.agreed()!;
    if (before === id) continue;
    for (const other of network.ids) {
      if (other !== id) network.feed(other, { kind: "lag", ms: 1000 });
    }
    network.crash(before);
    assert.ok(network.runUntil(() => network.agreed() !== undefined, 3000));
    assert.equal(network.agreed(), id);
    for (const other of network.ids) network.feed(other, { kind: "lag", ms: 0 });
    network.start(before);
    network.run(network.now + 500);
    assert.equal(network.agreed(), id);
  }
});

test("5: the first candidate to ask gets the vote, and only it gets it again", () => {
  const peer = bootedPeer("c", ABC);
  receive(peer, "b", { kind: "VOTE", epoch: 1 });
  assert.deepEqual(sent(peer), []);
  assert.deepEqual(sentAfterWrite(peer).map(({ to, message }) => [to, message.kind]), [[
    "b",
    "VOTE_R",
  ]]);
  written(peer);
  receive(peer, "a", { kind: "VOTE", epoch: 1 });
  assert.equal(denied(peer), "voted");
  receive(peer, "b", { kind: "VOTE", epoch: 1 });
  assert.deepEqual(sent(peer).map(({ message }) => message.kind === "VOTE_R" && message.granted), [
    true,
  ]);
});

test("6: a request for a higher epoch is granted in every role that is bound by no promise", () => {
  const roles = {
    follower: () => {},
    precandidate: timeOut,
    candidate: (peer: ReturnType<typeof bootedPeer>) => makeCandidate(peer, ["c"]),
    tracker: (peer: ReturnType<typeof bootedPeer>) => makeTracker(peer, ["c"]),
  };
  for (const [role, reach] of Object.entries(roles)) {
    const peer = bootedPeer("b", ABC);
    reach(peer);
    assert.equal(peer.state.role, role);
    receive(peer, "c", { kind: "VOTE", epoch: 9 });
    assert.deepEqual([peer.state.role, peer.state.epoch, peer.state.votedFor], [
      "follower",
      9,
      "c",
    ]);
    assert.equal(sentAfterWrite(peer).length, 1);
  }
});

test("7: a lower epoch is refused with the present one, and an answer with a higher one is taken over", () => {
  const peer = bootedPeer("b", ABC, { epoch: 5 });
  for (const kind of ["VOTE", "PREVOTE", "HB"] as const) {
    receive(peer, "c", { kind, epoch: 4 });
    const [reply] = sent(peer);
    assert.equal(reply?.message.kind, `${kind}_R`);
    assert.equal(reply !== undefined && "myEpoch" in reply.message && reply.message.myEpoch, 5);
    assert.equal(peer.state.epoch, 5);
  }
  for (const kind of ["VOTE_R", "PREVOTE_R", "HB_R"] as const) {
    const epoch = peer.state.epoch + 1;
    receive(peer, "c", { kind, epoch: 5, granted: false, myEpoch: epoch });
    assert.equal(peer.record.epoch, epoch);
  }
});

test("8: every role steps down for a higher epoch and forgets its tracker", () => {
  const tracker = bootedPeer("a", ABC);
  makeTracker(tracker, ["b"]);
  receive(tracker, "b", { kind: "HB_R", epoch: 1, myEpoch: 4 });
  assert.deepEqual([tracker.state.role, tracker.state.epoch, tracker.state.tracker], [
    "follower",
    4,
    undefined,
  ]);
  assert.ok(tracker.effects.some((effect) => effect.kind === "unregister" && effect.epoch === 1));

  const candidate = bootedPeer("a", ABC);
  makeCandidate(candidate, ["b"]);
  receive(candidate, "b", { kind: "VOTE_R", epoch: 1, granted: false, myEpoch: 4 });
  assert.deepEqual([candidate.state.role, candidate.state.epoch], ["follower", 4]);

  const follower = bootedPeer("a", ABC);
  receive(follower, "b", { kind: "HB", epoch: 1 });
  receive(follower, "c", { kind: "PREVOTE_R", epoch: 1, granted: false, myEpoch: 4 });
  assert.deepEqual([follower.state.tracker, follower.state.epoch], [undefined, 4]);
});

test("9: a candidate follows the tracker of its epoch, and keeps its vote", () => {
  const peer = bootedPeer("a", ABC);
  makeCandidate(peer, ["b"]);
  receive(peer, "c", { kind: "HB", epoch: 1 });
  assert.deepEqual([peer.state.role, peer.state.tracker, peer.state.votedFor], [
    "follower",
    "c",
    "a",
  ]);
});

test("10: a single peer elects itself at once", () => {
  for (const incarnation of [0, 3]) {
    const peer = makePeer("a", ["a"]);
    boot(peer, { kind: "ok", record: { ...firstRecord(["a"]), incarnation } });
    assert.equal(peer.state.role, "candidate");
    written(peer);
    assert.equal(peer.state.role, "tracker");
    assert.equal(leaseUntil(peer.state), FOREVER);
    assert.ok(isServing(peer.state, peer.now + 1e9));
  }
});

test("11: timeouts are drawn anew from their range at each reset, and rarely equal", () => {
  const peer = bootedPeer("a", ABC);
  const rnd = seeded(11);
  peer.draw = rnd;
  const drawn = new Set<number>();
  for (let seq = 1; seq <= 1000; seq++) {
    receive(peer, "b", { kind: "HB", epoch: 1, seq });
    const delay = peer.state.deadline - peer.now;
    assert.ok(delay >= 150 && delay < 300);
    drawn.add(delay);
    peer.now += 50;
  }
  assert.ok(drawn.size > 990);
});

test("11: rounds in vain last longer and longer, up to a cap", () => {
  const peer = bootedPeer("a", ABC);
  const delays: number[] = [];
  for (let round = 0; round < 8; round++) {
    timeOut(peer);
    delays.push(peer.state.deadline - peer.now);
  }
  const one = 75 + 0.5 * (225 - 75);
  const factors = [1, 1.5, 2.25, 3.375, 4, 4, 4, 4];
  delays.forEach((delay, i) => assert.ok(Math.abs(delay - one * factors[i]!) < 1e-6));
});

test("11: rounds of a crowd may last longer in the end, since each of them is more work", () => {
  const crowd = Array.from({ length: 100 }, (_, i) => `p${i}`);
  const peer = bootedPeer("p0", crowd);
  for (let round = 0; round < 12; round++) timeOut(peer);
  const one = 75 + 0.5 * (225 - 75);
  assert.ok(Math.abs(peer.state.deadline - peer.now - one * 20) < 1e-6);
});

test("11: who granted a pre-vote in a crowd asks for itself a round later, and nobody else waits for it", () => {
  const crowd = Array.from({ length: 100 }, (_, i) => `p${i}`);
  const [late, small] = [bootedPeer("p0", crowd), bootedPeer("a", ABC)];
  for (const [peer, from] of [[late, "p1"], [small, "b"]] as const) {
    peer.now = peer.state.deadline - 1;
    receive(peer, from, { kind: "PREVOTE", epoch: 1 });
    assert.equal(denied(peer), undefined);
  }
  const one = 75 + 0.5 * (225 - 75);
  assert.ok(Math.abs(late.state.deadline - late.now - one) < 1e-6);
  assert.equal(small.state.deadline - small.now, 1);
});

test("11: a round of a host that lags lasts that much longer: the answers wait unread", () => {
  const peer = bootedPeer("a", ABC);
  feed(peer, { kind: "lag", ms: 400 });
  timeOut(peer);
  assert.equal(peer.state.deadline - peer.now, 75 + 0.5 * (225 - 75) + 400);
});

test("12: a tracker sends heartbeats to every peer at its interval, and nobody else does", () => {
  const beats = new Map<string, number[]>();
  let counting = false;
  const { network, tracker } = settledNetwork({ peers: 5, seed: 12 }, [{
    send: (from, to, { kind }) => {
      if (kind !== "HB" || !counting) return;
      assert.equal(from.id, tracker);
      beats.set(to, [...beats.get(to) ?? [], network.now]);
    },
  }]);
  counting = true;
  network.run(network.now + 1000);
  assert.equal(beats.size, 4);
  assert.equal(beats.has(tracker), false);
  for (const times of beats.values()) assert.ok(times.length === 20 || times.length === 19);
});

test("a first start needs no privileged peer and is quick", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const network = makeNetwork({ peers: 5, seed });
    network.startAll();
    assert.ok(network.runUntil(() => network.agreed() !== undefined, 1000));
    assert.ok(network.now < 400, `${network.now} ms with seed ${seed}`);
  }
});
