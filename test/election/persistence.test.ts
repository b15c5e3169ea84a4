import assert from "node:assert/strict";
import { test } from "node:test";
import { firstRecord } from "../../src/election/mod.ts";
import {
  boot,
  bootedPeer,
  denied,
  feed,
  makeCandidate,
  makePeer,
  receive,
  restarted,
  sent,
  sentAfterWrite,
  timeOut,
  traced,
  written,
} from "./support/by_hand.ts";
import { makeChecker } from "./support/invariants.ts";
import { makeNetwork } from "./support/network.ts";

const ABC = ["a", "b", "c"];

test("21: a vote, a cede and a vote for itself are answered only after their write", () => {
  const voter = bootedPeer("c", ABC);
  receive(voter, "b", { kind: "VOTE", epoch: 1 });
  assert.deepEqual(sent(voter), []);
  assert.deepEqual([voter.record.epoch, voter.record.votedFor], [1, "b"]);

  const ceding = bootedPeer("b", ABC);
  makeCandidate(ceding, ["c"]);
  written(ceding);
  receive(ceding, "a", { kind: "VOTE", epoch: 1 });
  assert.deepEqual(sent(ceding), []);
  assert.equal(ceding.record.votedFor, "a");
  assert.equal(sentAfterWrite(ceding).length, 1);
});

test("21: a crash before, during or after any write leads to no second vote", () => {
  for (const kind of ["grant", "cede", "candidate"] as const) {
    for (const reached of [false, true]) {
      const peer = bootedPeer("b", ABC);
      const before = peer.record;
      if (kind !== "grant") makeCandidate(peer, ["c"]);
      if (kind === "cede") written(peer);
      const selfOnDisk = peer.record;
      if (kind !== "candidate") receive(peer, "a", { kind: "VOTE", epoch: 1 });
      const disk = reached ? peer.record : kind === "cede" ? selfOnDisk : before;
      const again = restarted(peer, disk);
      receive(again, "c", { kind: "VOTE", epoch: 1 });
      const free = disk === before;
      assert.equal(
        denied(again),
        free ? undefined : disk.votedFor === "b" ? "sealed" : "voted",
        `${kind} ${reached}`,
      );
      receive(again, "a", { kind: "VOTE", epoch: 1 });
      const granted = sent(again).some(({ message }) =>
        message.kind === "VOTE_R" && message.granted
      );
      assert.equal(granted, disk.votedFor === "a");
    }
  }
});

test("22: the completion of an old write counts for no later candidacy", () => {
  const peer = bootedPeer("a", ABC);
  makeCandidate(peer, ["b"]);
  const old = peer.state.writes;
  timeOut(peer);
  makeCandidate(peer, ["b"]);
  assert.equal(peer.state.epoch, 2);
  feed(peer, { kind: "persisted", write: old, incarnation: peer.state.incarnation });
  assert.deepEqual(peer.state.tally, []);
  feed(peer, {
    kind: "persisted",
    write: peer.state.writes,
    incarnation: peer.state.incarnation - 1,
  });
  assert.deepEqual(peer.state.tally, [], "another life");
  feed(peer, {
    kind: "persisted",
    write: peer.state.writes + 1,
    incarnation: peer.state.incarnation,
  });
  assert.deepEqual(peer.state.tally, [], "a write never asked for");
  written(peer);
  assert.deepEqual(peer.state.tally, ["a"]);
});

test("23: a storm of restarts leaves every peer's epoch monotone, and a tracker after it", () => {
  const checker = makeChecker();
  const network = makeNetwork({ peers: 5, seed: 23 }, [checker]);
  checker.watch(network);
  network.startAll();
  for (let at = 50; at < 3000; at += 50) {
    for (const id of network.ids) {
      network.at(at + Number(id.slice(1)), () => {
        network.crash(id, at % 100 ? "first" : "none");
        network.start(id);
      });
    }
  }
  network.run(3000);
  assert.ok(network.runUntil(() => network.agreed() !== undefined, 3000));
  for (const node of network.all()) assert.ok(node.state.incarnation > 50);
});

test("24: a disk that is missing, torn, foreign or too new makes a learner", () => {
  const disks = [
    { kind: "missing" },
    { kind: "torn", why: "its checksum does not match" },
    { kind: "foreign", owner: "b" },
    { kind: "newer", version: 2 },
  ] as const;
  for (const disk of disks) {
    const peer = makePeer("a", ABC);
    boot(peer, disk);
    assert.equal(peer.state.role, "learner");
    assert.equal(traced(peer, "learner")[0]?.why, disk.kind);
    assert.ok(peer.effects.every(({ kind }) => kind !== "persist"), "what is there is left alone");
  }
});

test("24: a wiped majority elects nobody rather than guess", () => {
  const network = makeNetwork({ peers: 5, seed: 24 });
  network.startAll();
  network.runUntil(() => network.agreed() !== undefined, 5000);
  const wins = network.wins.length;
  for (const id of network.ids) network.crash(id);
  for (const id of network.ids.slice(0, 3)) network.wipe(id);
  network.startAll();
  network.run(network.now + 10_000);
  assert.equal(network.wins.length, wins);
});

test("a wiped minority follows the others' tracker", () => {
  const network = makeNetwork({ peers: 5, seed: 25 });
  network.startAll();
  network.runUntil(() => network.agreed() !== undefined, 5000);
  const wiped = network.ids.find((id) => id !== network.agreed())!;
  network.wipe(wiped);
  network.start(wiped);
  network.run(network.now + 200);
  assert.equal(network.agreed(), network.node(wiped).state.tracker);
  assert.equal(network.node(wiped).state.role, "learner");
});

test("an answer to a heartbeat of a new epoch waits for the disk, and the newest is answered then", () => {
  const peer = bootedPeer("c", ABC);
  receive(peer, "a", { kind: "HB", epoch: 3, seq: 1 });
  assert.deepEqual(sent(peer), []);
  assert.deepEqual(sentAfterWrite(peer).map(({ to, message }) => [to, message.kind]), [[
    "a",
    "HB_R",
  ]]);
  for (const seq of [2, 3]) {
    receive(peer, "a", { kind: "HB", epoch: 3, seq });
    assert.deepEqual(sent(peer), []);
    assert.deepEqual(sentAfterWrite(peer), []);
  }
  written(peer);
  assert.deepEqual(sent(peer).map(({ message }) => message.kind === "HB_R" && message.seq), [3]);
  receive(peer, "a", { kind: "HB", epoch: 3, seq: 4 });
  assert.equal(sent(peer).length, 1);
});

test("a failed write is asked for again when an answer depends on it", () => {
  const peer = bootedPeer("c", ABC);
  receive(peer, "a", { kind: "VOTE", epoch: 1 });
  const { writes: write, incarnation } = peer.state;
  feed(peer, { kind: "persist_failed", write, incarnation, why: "The disk is full" });
  assert.deepEqual(traced(peer, "persist_failed")[0]?.why, "The disk is full");
  receive(peer, "a", { kind: "VOTE", epoch: 1 });
  assert.deepEqual(sent(peer), []);
  assert.equal(sentAfterWrite(peer).length, 1);
  assert.equal(peer.record.votedFor, "a");
});

test("a candidate whose write fails does not count its own vote", () => {
  const peer = bootedPeer("a", ABC);
  makeCandidate(peer, ["b"]);
  const { writes: write, incarnation } = peer.state;
  feed(peer, { kind: "persist_failed", write, incarnation, why: "EIO" });
  receive(peer, "b", { kind: "VOTE_R", epoch: 1 });
  receive(peer, "c", { kind: "VOTE_R", epoch: 1 });
  assert.equal(peer.state.role, "candidate");
});

test("every life has a number of its own, written at boot", () => {
  const peer = makePeer("a", ABC);
  boot(peer, { kind: "ok", record: firstRecord(ABC) });
  assert.deepEqual([peer.state.incarnation, peer.record.incarnation], [1, 1]);
  assert.equal(restarted(peer).state.incarnation, 2);
});

test("the electorate of the disk goes before the one of the options, and says so", () => {
  const peer = makePeer("a", ABC);
  boot(peer, { kind: "ok", record: firstRecord(["a", "b", "c", "d", "e"]) });
  assert.deepEqual(traced(peer, "config_kept")[0]?.asked, ABC);
  assert.equal(peer.state.config.voters.length, 5);
  timeOut(peer);
  receive(peer, "b", { kind: "PREVOTE_R", epoch: 1, myEpoch: 0 });
  assert.equal(peer.state.role, "precandidate", "2 of 5 are no quorum");
});
