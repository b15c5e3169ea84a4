import assert from "node:assert/strict";
import { test } from "node:test";
import { isServing } from "../../src/election/mod.ts";
import {
  boot,
  type ByHand,
  denied,
  feed,
  makePeer,
  receive,
  restarted,
  sent,
  timeOut,
  traced,
} from "./support/by_hand.ts";
import { makeNetwork } from "./support/network.ts";

const ABC = ["a", "b", "c"];
const LITERAL = { protocol: "seed-literal", unsafe: true } as const;

function literalPeer(id: string): ByHand {
  const peer = makePeer(id, ABC, LITERAL);
  boot(peer, { kind: "ok", record: peer.record });
  return peer;
}

/** Delivers the message of that kind that `from` sent `to` in its last step. */
function deliver(from: ByHand, to: ByHand, kind: string): void {
  const found = sent(from).find((out) => out.to === to.id && out.message.kind === kind);
  assert.ok(found !== undefined, `${from.id} sent ${to.id} no ${kind}`);
  feed(to, { kind: "message", from: from.id, message: found.message });
}

test("14 T1: the seed's voting elects two trackers of one epoch in six steps", () => {
  const [a, b, c] = ["a", "b", "c"].map(literalPeer) as [ByHand, ByHand, ByHand];
  timeOut(a);
  const asked = sent(a).find(({ to }) => to === "b")!.message;
  timeOut(b);
  deliver(b, c, "VOTE");
  deliver(c, b, "VOTE_R");
  assert.deepEqual(traced(b, "win"), [{ kind: "win", epoch: 1, tally: ["b", "c"], quorum: 2 }]);
  feed(b, { kind: "message", from: "a", message: asked });
  assert.deepEqual(traced(b, "cede"), [{ kind: "cede", epoch: 1, to: "a" }]);
  deliver(b, a, "VOTE_R");
  assert.deepEqual(traced(a, "win"), [{ kind: "win", epoch: 1, tally: ["a", "b"], quorum: 2 }]);
  assert.ok(isServing(a.state, a.now) && isServing(b.state, b.now));
});

test("the seed's tracker with the larger URI gives way to a rival of its epoch, and says what it saw", () => {
  const b = literalPeer("b");
  timeOut(b);
  receive(b, "c", { kind: "VOTE_R", epoch: 1 });
  receive(b, "c", { kind: "HB", epoch: 1 });
  assert.equal(b.state.role, "tracker");
  receive(b, "a", { kind: "HB", epoch: 1 });
  assert.deepEqual([b.state.role, b.state.tracker], ["follower", "a"]);
  assert.equal(traced(b, "violation")[0]?.invariant, "I1");
  assert.ok(b.effects.some((effect) => effect.kind === "unregister"));
});

test("the seed votes once per epoch but for its tie-break, and refuses earlier epochs", () => {
  const c = literalPeer("c");
  receive(c, "b", { kind: "VOTE", epoch: 3 });
  assert.equal(c.state.votedFor, "b");
  receive(c, "a", { kind: "VOTE", epoch: 3 });
  assert.equal(denied(c), "voted");
  receive(c, "a", { kind: "VOTE", epoch: 2 });
  assert.equal(denied(c), "stale_epoch");
  const b = literalPeer("b");
  timeOut(b);
  receive(b, "c", { kind: "VOTE", epoch: 1 });
  assert.equal(denied(b), "not_preferred");
});

test("the seed forgets its votes at a restart", () => {
  const c = literalPeer("c");
  receive(c, "b", { kind: "VOTE", epoch: 3 });
  const again = restarted(c);
  assert.deepEqual([again.state.epoch, again.state.votedFor], [0, undefined]);
  assert.equal(again.state.incarnation, 2);
});

test("without faults the seed's voting settles on one tracker, and follows a killed one by another", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const network = makeNetwork({ peers: 5, seed, election: LITERAL });
    network.startAll();
    assert.ok(network.runUntil(() => network.agreed() !== undefined, 5_000), `seed ${seed}`);
    const first = network.agreed()!;
    network.crash(first);
    assert.ok(network.runUntil(() => network.agreed() !== undefined, 5_000), `seed ${seed}`);
    assert.notEqual(network.agreed(), first);
  }
});
