import assert from "node:assert/strict";
import { test } from "node:test";
import { firstRecord, isServing, leaseUntil } from "../../src/election/mod.ts";
import {
  boot,
  bootedPeer,
  denied,
  makePeer,
  makeTracker,
  receive,
  sentAfterWrite,
  timeOut,
  traced,
  written,
} from "./support/by_hand.ts";
import { Broken, makeChecker } from "./support/invariants.ts";
import { makeNetwork } from "./support/network.ts";
import { between, pick, seeded } from "./support/random.ts";

const ABC = ["a", "b", "c"];

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
