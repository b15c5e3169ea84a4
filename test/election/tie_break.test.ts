import assert from "node:assert/strict";
import { test } from "node:test";
import { precedes } from "../../src/election/mod.ts";
import {
  bootedPeer,
  type ByHand,
  denied,
  makeCandidate,
  makeTracker,
  receive,
  restarted,
  sent,
  sentAfterWrite,
  timeOut,
  traced,
  written,
} from "./support/by_hand.ts";
import { makeNetwork } from "./support/network.ts";

const ABC = ["a", "b", "c"];

/** B stands in epoch 1 with its own vote on disk, below quorum. */
function liveCandidate(electorate: readonly string[] = ABC): ByHand {
  const b = bootedPeer("b", electorate);
  makeCandidate(b, electorate.filter((id) => id !== "b"));
  written(b);
  assert.deepEqual([b.state.role, b.state.tally], ["candidate", ["b"]]);
  return b;
}

/** No message leaves, now or after a write, that grants epoch 1 to `to`. */
function assertNoGrant(peer: ByHand, to: string): void {
  for (const outgoing of [...sent(peer), ...sentAfterWrite(peer)]) {
    const { message } = outgoing;
    assert.ok(!(outgoing.to === to && message.kind === "VOTE_R" && message.granted));
  }
}

test("14 T1: a tracker does not cede the vote that elected it", () => {
  const b = liveCandidate();
  receive(b, "c", { kind: "VOTE_R", epoch: 1 });
  assert.equal(b.state.role, "tracker");
  receive(b, "a", { kind: "VOTE", epoch: 1 });
  assertNoGrant(b, "a");
  assert.equal(denied(b), "is_tracker");
});

test("14 T2: a tracker that stepped down in its epoch does not cede", () => {
  const b = liveCandidate();
  receive(b, "c", { kind: "VOTE_R", epoch: 1 });
  b.now = b.state.graceUntil;
  timeOut(b);
  assert.deepEqual([b.state.role, b.state.epoch], ["follower", 1]);
  receive(b, "a", { kind: "VOTE", epoch: 1 });
  assertNoGrant(b, "a");
  assert.equal(denied(b), "sealed");
});

test("14 T3: nothing comes between the quorum and the office", () => {
  const b = liveCandidate();
  const effects = receive(b, "c", { kind: "VOTE_R", epoch: 1 });
  assert.equal(b.state.role, "tracker");
  const kinds = effects.map((effect) => effect.kind === "send" ? effect.message.kind : effect.kind);
  assert.deepEqual(kinds.filter((kind) => kind !== "emit"), ["timer", "HB", "HB", "register"]);
});

test("14 T4: a winner that restarts with its vote on disk does not cede", () => {
  const b = liveCandidate();
  receive(b, "c", { kind: "VOTE_R", epoch: 1 });
  const again = restarted(b);
  receive(again, "a", { kind: "VOTE", epoch: 1 });
  assertNoGrant(again, "a");
  assert.equal(denied(again), "sealed");
});

test("14 T5, 16: whoever cedes counts no late grant", () => {
  const b = liveCandidate();
  receive(b, "a", { kind: "VOTE", epoch: 1 });
  assert.deepEqual(traced(b, "cede"), [{ kind: "cede", epoch: 1, to: "a" }]);
  written(b);
  receive(b, "c", { kind: "VOTE_R", epoch: 1 });
  assert.deepEqual([b.state.role, b.state.tally], ["follower", []]);
  assert.deepEqual(traced(b, "count"), []);
});

test("14 T6: a peer that lost its disk votes for nobody", () => {
  const network = makeNetwork({ peers: 3, seed: 6 });
  network.startAll();
  network.runUntil(() => network.agreed() !== undefined, 5000);
  const epoch = network.node(network.ids[0]!).state.epoch;
  const [wiped, other] = network.ids as [string, string];
  network.wipe(wiped);
  network.start(wiped);
  network.run(network.now + 400);
  assert.equal(network.node(wiped).state.role, "learner");
  const message = {
    kind: "VOTE",
    uri: "peer://0",
    incarnation: 1,
    configEpoch: 0,
    configVersion: 1,
  } as const;
  network.feed(wiped, { kind: "message", from: other, message: { ...message, epoch: epoch + 1 } });
  assert.equal(network.node(wiped).state.votedFor, undefined);
});

test("14 T7: no peer is tracker without votes, whatever its name and epoch", () => {
  const network = makeNetwork({ peers: 3, seed: 7 });
  network.start(network.ids[0]!);
  network.run(5000);
  assert.equal(network.wins.length, 0);
  assert.equal(network.node(network.ids[0]!).state.epoch, 0);
});

test("14 T8: votes of peers outside of the electorate are not counted", () => {
  const a = bootedPeer("a", ["a", "b", "c", "d", "e"]);
  makeCandidate(a, ["b", "c"]);
  written(a);
  receive(a, "b", { kind: "VOTE_R", epoch: 1 });
  receive(a, "f", { kind: "VOTE_R", epoch: 1 });
  receive(a, "b", { kind: "VOTE_R", epoch: 1 });
  assert.deepEqual([a.state.role, a.state.tally], ["candidate", ["a", "b"]]);
  receive(a, "f", { kind: "VOTE", epoch: 2 });
  assert.equal(denied(a), "not_a_voter");
  assert.equal(a.state.epoch, 1);
});

test("15: only a live candidate cedes; a candidate whose time is over keeps its vote", () => {
  const b = liveCandidate();
  timeOut(b);
  assert.equal(b.state.role, "precandidate");
  receive(b, "a", { kind: "VOTE", epoch: 1 });
  assert.equal(denied(b), "sealed");

  const crashed = restarted(liveCandidate());
  receive(crashed, "a", { kind: "VOTE", epoch: 1 });
  assert.equal(denied(crashed), "sealed");

  const following = liveCandidate();
  receive(following, "c", { kind: "HB", epoch: 1 });
  receive(following, "a", { kind: "VOTE", epoch: 1 });
  assert.equal(denied(following), "sealed");
});

test("15: a vote given to another is not changed for a smaller one", () => {
  const c = bootedPeer("c", ABC);
  receive(c, "b", { kind: "VOTE", epoch: 1 });
  receive(c, "a", { kind: "VOTE", epoch: 1 });
  assert.equal(denied(c), "voted");
});

test("17: whoever has ceded is out of the race when a grant comes, and the chain still elects", () => {
  const c = bootedPeer("c", ABC);
  makeCandidate(c, ["a"]);
  written(c);
  const b = liveCandidate();
  receive(c, "b", { kind: "VOTE", epoch: 1 });
  const [toB] = sentAfterWrite(c);
  receive(b, "a", { kind: "VOTE", epoch: 1 });
  const [toA] = sentAfterWrite(b);
  assert.ok(toA !== undefined && toB?.message.kind === "VOTE_R" && toB.message.granted);
  receive(b, "c", toB.message);
  assert.equal(b.state.role, "follower");
  const a = bootedPeer("a", ABC);
  makeCandidate(a, ["c"]);
  written(a);
  receive(a, "b", toA.message);
  assert.equal(a.state.role, "tracker");
});

test("18: a larger rival never gets a ceded vote", () => {
  const b = liveCandidate();
  receive(b, "c", { kind: "VOTE", epoch: 1 });
  assert.equal(denied(b), "not_preferred");
  assert.equal(b.state.role, "candidate");
});

test("18: rivals are ordered by code units of their URIs, then by peer id", () => {
  assert.ok(precedes("peer://a", "z", "peer://b", "a"));
  assert.ok(precedes("peer://a", "p1", "peer://a", "p2"));
  assert.ok(!precedes("peer://a", "p1", "peer://a", "p1"));
  assert.ok(precedes("peer://Z", "p", "peer://a", "p"), "no locale, no case folding");
  assert.ok(precedes("peer://\u{1F600}", "p", "peer://\uFF5E", "p"), "code units, not code points");

  const b = liveCandidate();
  receive(b, "a", { kind: "VOTE", epoch: 1, uri: "peer://b" });
  assert.equal(traced(b, "cede").length, 1);
  const other = liveCandidate();
  receive(other, "c", { kind: "VOTE", epoch: 1, uri: "peer://b" });
  assert.equal(denied(other), "not_preferred");
});

test("18: the URI decides, not the peer id", () => {
  const b = liveCandidate();
  receive(b, "c", { kind: "VOTE", epoch: 1, uri: "peer://0" });
  assert.deepEqual(traced(b, "cede"), [{ kind: "cede", epoch: 1, to: "c" }]);
});

test("19: when all time out together the smallest URI wins, in one epoch", () => {
  for (const peers of [3, 4, 5, 9, 25, 100]) {
    const network = makeNetwork({ peers, seed: 19, latency: [1, 1], disk: [1, 1] });
    network.startAll();
    network.at(5, () => {
      for (const id of network.ids) network.feed(id, { kind: "campaign" });
    });
    assert.ok(network.runUntil(() => network.agreed() !== undefined, 1000));
    assert.equal(network.agreed(), network.ids[0], `${peers} peers`);
    assert.equal(network.wins.length, 1);
    assert.equal(network.wins[0]!.epoch, 1);
  }
});

test("19: a pre-candidate yields to a smaller one and not to a larger one", () => {
  const b = bootedPeer("b", ABC);
  timeOut(b);
  receive(b, "c", { kind: "PREVOTE", epoch: 1 });
  assert.equal(b.state.role, "precandidate");
  receive(b, "a", { kind: "PREVOTE", epoch: 1 });
  assert.equal(b.state.role, "follower");
  assert.deepEqual(traced(b, "yield"), [{ kind: "yield", epoch: 1, to: "a" }]);
  receive(b, "c", { kind: "PREVOTE_R", epoch: 1, myEpoch: 0 });
  assert.equal(b.state.role, "follower");
});

test("20: a ceded vote is answered again, and its disk stays as it is", () => {
  const b = liveCandidate();
  receive(b, "a", { kind: "VOTE", epoch: 1 });
  const first = sentAfterWrite(b);
  const { record } = b;
  receive(b, "a", { kind: "VOTE", epoch: 1 });
  assert.deepEqual(
    [...sent(b), ...sentAfterWrite(b)],
    [],
    "the answer waits for the write under way",
  );
  written(b);
  receive(b, "a", { kind: "VOTE", epoch: 1 });
  const again = sent(b).map(({ to, message }) => ({ to, message }));
  assert.deepEqual(again, first);
  assert.equal(b.record, record);
});

test("only a peer that is granted pre-votes by a quorum stands", () => {
  const b = bootedPeer("b", ["a", "b", "c", "d", "e"]);
  timeOut(b);
  receive(b, "a", { kind: "PREVOTE_R", epoch: 1, myEpoch: 0 });
  receive(b, "a", { kind: "PREVOTE_R", epoch: 1, myEpoch: 0 });
  receive(b, "c", { kind: "PREVOTE_R", epoch: 1, myEpoch: 0, granted: false });
  receive(b, "d", { kind: "PREVOTE_R", epoch: 2, myEpoch: 0 });
  assert.equal(b.state.role, "precandidate");
  receive(b, "d", { kind: "PREVOTE_R", epoch: 1, myEpoch: 0 });
  assert.equal(b.state.role, "candidate");
});

test("a tracker never answers for a candidacy that is over", () => {
  const b = bootedPeer("b", ABC);
  makeTracker(b, ["c"]);
  const before = b.state;
  receive(b, "a", { kind: "VOTE_R", epoch: 1 });
  assert.equal(b.state.role, "tracker");
  assert.deepEqual(b.state.tally, before.tally);
});
