import assert from "node:assert/strict";
import { test } from "node:test";
import { describe, firstRecord } from "../../src/election/mod.ts";
import {
  boot,
  bootedPeer,
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
import { settledNetwork } from "./support/network.ts";

const ABC = ["a", "b", "c"];

test("13: a tracker that is asked to campaign resigns, and waits a full timeout before it stands again", () => {
  const peer = bootedPeer("a", ABC);
  makeTracker(peer, ["b"]);
  feed(peer, { kind: "campaign" });
  assert.deepEqual([peer.state.role, peer.state.epoch], ["follower", 1]);
  assert.deepEqual(sent(peer).map(({ message }) => message.kind), ["RESIGN", "RESIGN"]);
  assert.ok(peer.state.deadline - peer.now >= 150);
});

test("a follower that is asked to campaign starts a pre-vote at once, but keeps its promise", () => {
  const peer = bootedPeer("a", ABC);
  receive(peer, "b", { kind: "HB", epoch: 1 });
  written(peer);
  feed(peer, { kind: "campaign" });
  assert.deepEqual([peer.state.role, peer.state.tracker], ["precandidate", undefined]);
  assert.equal(sent(peer).length, 2);
  receive(peer, "c", { kind: "PREVOTE_R", epoch: 2, myEpoch: 1 });
  assert.equal(peer.state.role, "precandidate", "its promise to the tracker still binds");
  assert.ok(peer.state.deadline >= peer.state.lastHeard + 150);
  timeOut(peer);
  receive(peer, "c", { kind: "PREVOTE_R", epoch: 2, myEpoch: 1 });
  assert.equal(peer.state.role, "candidate");
});

test("a campaign of one follower does not disturb a tracker that others hear", () => {
  const { network, tracker } = settledNetwork({ peers: 5, seed: 14 });
  const before = network.wins.length;
  const follower = network.ids.find((id) => id !== tracker)!;
  network.feed(follower, { kind: "campaign" });
  network.run(network.now + 1000);
  assert.equal(network.wins.length, before);
  assert.equal(network.agreed(), tracker);
});

test("a registry that knows a higher epoch makes a tracker step down, and nobody else", () => {
  const peer = bootedPeer("a", ABC);
  feed(peer, { kind: "registry_epoch", epoch: 7 });
  assert.equal(peer.state.epoch, 0);
  makeTracker(peer, ["b"]);
  feed(peer, { kind: "registry_epoch", epoch: 1 });
  assert.equal(peer.state.role, "tracker");
  feed(peer, { kind: "registry_epoch", epoch: 7 });
  assert.deepEqual([peer.state.role, peer.record.epoch], ["follower", 7]);
});

test("two trackers of one epoch raise a violation, and the larger URI gives way", () => {
  const larger = bootedPeer("b", ABC);
  makeTracker(larger, ["c"]);
  receive(larger, "a", { kind: "HB", epoch: 1 });
  assert.deepEqual(traced(larger, "violation")[0]?.peers, ["b", "a"]);
  assert.deepEqual([larger.state.role, larger.state.tracker], ["follower", "a"]);

  const smaller = bootedPeer("a", ABC);
  makeTracker(smaller, ["c"]);
  receive(smaller, "b", { kind: "HB", epoch: 1 });
  assert.equal(traced(smaller, "violation").length, 1);
  assert.equal(smaller.state.role, "tracker");

  const follower = bootedPeer("c", ABC);
  receive(follower, "b", { kind: "HB", epoch: 1 });
  receive(follower, "a", { kind: "HB", epoch: 1 });
  assert.equal(traced(follower, "violation").length, 1);
  assert.equal(follower.state.tracker, "a");
  receive(follower, "b", { kind: "HB", epoch: 1 });
  assert.equal(follower.state.tracker, "a");
});

test("a lagging host makes its follower wait longer, within bounds, and takes it back", () => {
  const peer = bootedPeer("a", ABC);
  receive(peer, "b", { kind: "HB", epoch: 1 });
  const { deadline } = peer.state;
  feed(peer, { kind: "lag", ms: 100 });
  assert.equal(peer.state.deadline, deadline + 100);
  assert.deepEqual(traced(peer, "lag"), [{ kind: "lag", ms: 100, deadline: deadline + 100 }]);
  feed(peer, { kind: "lag", ms: 1e9 });
  assert.equal(peer.state.deadline, deadline + 4 * 300);
  feed(peer, { kind: "lag", ms: 0 });
  assert.equal(peer.state.deadline, deadline);
});

test("a description shows a candidacy while it lasts", () => {
  const peer = bootedPeer("a", ABC);
  assert.equal(describe(peer.state).candidacy, undefined);
  makeCandidate(peer, ["b"]);
  written(peer);
  assert.deepEqual(describe(peer.state).candidacy, { epoch: 1, votes: 1, needed: 2 });
  assert.equal(describe(peer.state).quorum, 2);
});

test("a step leaves the state it is given as it was, and gives the same outcome for the same arguments", () => {
  const peer = bootedPeer("a", ABC);
  makeTracker(peer, ["b"]);
  const before = peer.state;
  const copy = structuredClone(before);
  receive(peer, "b", { kind: "HB_R", epoch: 1, seq: 1 });
  const first = { state: peer.state, effects: peer.effects };
  peer.state = before;
  receive(peer, "b", { kind: "HB_R", epoch: 1, seq: 1 });
  assert.deepEqual({ state: peer.state, effects: peer.effects }, first);
  assert.deepEqual(before, copy);
  assert.deepEqual(JSON.parse(JSON.stringify(first.state)).acks, first.state.acks);
});

test("nothing is heard before boot or after stop, and a second boot is ignored", () => {
  const peer = makePeer("a", ABC);
  receive(peer, "b", { kind: "HB", epoch: 1 });
  assert.deepEqual(peer.effects, []);
  boot(peer, { kind: "ok", record: firstRecord(ABC) });
  boot(peer, { kind: "missing" });
  assert.equal(peer.state.role, "follower");
  feed(peer, { kind: "stop" });
  receive(peer, "b", { kind: "HB", epoch: 1 });
  assert.deepEqual(peer.effects, []);
});

test("a peer that reaches no quorum asks nobody, and asks soon once it does", () => {
  const peer = makePeer("a", ["a", "b", "c", "d", "e"]);
  boot(peer, { kind: "ok", record: peer.record });
  feed(peer, { kind: "reach", voters: 1 });
  for (let round = 0; round < 3; round++) {
    timeOut(peer);
    assert.deepEqual([sent(peer), peer.state.role], [[], "follower"]);
  }
  feed(peer, { kind: "reach", voters: 2 });
  const { timeoutMin } = peer.state.settings;
  assert.ok(peer.state.deadline - peer.now <= timeoutMin / 2);
  timeOut(peer);
  assert.equal(sent(peer).length, 4);
  assert.equal(peer.state.role, "precandidate");
});

test("a crowd that starts asks once nobody else comes, or all are there", () => {
  const crowd = Array.from({ length: 100 }, (_, i) => `p${i}`);
  const peer = makePeer("p0", crowd);
  peer.draw = () => 0;
  boot(peer, { kind: "ok", record: firstRecord(crowd) });
  feed(peer, { kind: "reach", voters: 0 });
  feed(peer, { kind: "reach", voters: 50 });
  const first = peer.state.deadline;
  assert.ok(first - peer.now >= 1_000, `${first - peer.now} ms`);
  peer.now += 500;
  feed(peer, { kind: "reach", voters: 51 });
  assert.equal(peer.state.deadline, first + 500);
  feed(peer, { kind: "reach", voters: 99 });
  assert.ok(peer.state.deadline - peer.now < 100, `${peer.state.deadline - peer.now} ms`);
});

test("a candidate that reaches no quorum any more gives its round up", () => {
  const peer = bootedPeer("a", ABC);
  makeCandidate(peer, ["b"]);
  feed(peer, { kind: "reach", voters: 0 });
  timeOut(peer);
  assert.deepEqual([peer.state.role, peer.state.votedFor, sent(peer)], ["follower", "a", []]);
  assert.ok(peer.state.deadline > peer.now, "it looks again");
});
