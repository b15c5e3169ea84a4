import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { NodeId, SystemEvent } from "../../src/actor/mod.ts";
import { ElectionLog } from "../../src/cli/election_log.ts";
import type { Interest, NoticeLevel } from "../../src/cli/console/notices.ts";
import { notice } from "../../src/cli/console/notices.ts";
import { promptText } from "../../src/cli/console/prompt.ts";
import { narrate } from "../../src/cli/narrate.ts";
import { makeStyle } from "../../src/cli/style.ts";

function event(kind: string, data: Record<string, unknown> = {}, at = 0): SystemEvent {
  return { kind, at, node: "main" as NodeId, actor: undefined, name: undefined, data };
}

describe("narrate()", () => {
  const cases: [kind: string, data: Record<string, unknown>, text: string | undefined][] = [
    ["peer.role", { peer: "peer-2", role: "tracker", epoch: 3 }, "peer-2 is TRACKER of epoch 3"],
    [
      "peer.role",
      { peer: "peer-1", role: "follower", epoch: 3, tracker: "peer-2" },
      "peer-1 follows peer-2 of epoch 3",
    ],
    ["peer.role", { peer: "peer-1", role: "follower", epoch: 3 }, "peer-1 knows no tracker"],
    ["peer.role", { peer: "peer-1", role: "candidate" }, undefined],
    ["peer.down", { peer: "peer-1", reason: "killed" }, "peer-1 is down: killed"],
    [
      "peer.down",
      { peer: "p", reason: { kind: "nodedown", node: "t3" } },
      "p is down: its thread ended",
    ],
    ["peer.down", { peer: "p", reason: { kind: "shutdown" } }, "p is down: stopped"],
    [
      "peer.down",
      { peer: "p", reason: { kind: "error", error: new Error("no\x1b") } },
      'p is down: it threw "no\\x1b"',
    ],
    ["election.candidate", { peer: "peer-4", epoch: 2 }, "peer-4 asks for votes in epoch 2"],
    [
      "election.win",
      { peer: "peer-4", epoch: 2, tally: ["peer-4", "peer-1", "peer-2"], quorum: 3 },
      "peer-4 has 3 votes in epoch 2, needs 3",
    ],
    [
      "election.stepdown",
      { peer: "peer-4", epoch: 2, role: "tracker", why: "lease_lost" },
      "peer-4 steps down in epoch 2: lease lost",
    ],
    [
      "election.violation",
      { peer: "peer-4", epoch: 2, peers: ["peer-1", "peer-4"] },
      "TWO TRACKERS in epoch 2: peer-1, peer-4",
    ],
    ["fault.crash", { peer: "peer-4", how: "hang" }, "crash peer-4 (hang)"],
    [
      "download.failed",
      { peer: "p", name: "a\x1bb", error: "no" },
      'p could not download "a\\x1bb": no',
    ],
    ["mailbox.something", { peer: "peer-1" }, undefined],
    ["peer.role", {}, undefined],
    ["peer.down", { peer: 7, reason: {} }, "someone is down"],
  ];
  for (const [kind, data, text] of cases) {
    it(`tells ${kind} ${JSON.stringify(data)}`, () => {
      assert.equal(narrate(event(kind, data))?.text, text);
    });
  }
});

describe("notice()", () => {
  const at = (peer: string, noticeLevel: NoticeLevel = "headline"): Interest => ({
    peer,
    noticeLevel,
  });

  const [now, plain] = [new Date(2026, 10, 23, 10, 47, 3), makeStyle(false)];

  it("is one line with the time in front", () => {
    const crash = event("fault.crash", { peer: "peer-4", how: "exit" });
    assert.equal(notice(crash, at("peer-1"), now, plain), "10:47:03 crash peer-4 (exit)");
  });

  it("leaves out details of other peers, and downloads", () => {
    const follows = event("peer.role", { peer: "peer-2", role: "follower", tracker: "peer-1" });
    assert.equal(notice(follows, at("peer-3"), now, plain), undefined);
    assert.equal(notice(follows, at("peer-2", "off"), now, plain), undefined);
    assert.match(notice(follows, at("peer-3", "detail"), now, plain) ?? "", /peer-2 follows/);
    assert.equal(notice(follows, at("peer-2"), now, plain), "10:47:03 peer-2 follows peer-1");
    assert.equal(notice(event("download.done", { peer: "p" }), at("p"), now, plain), undefined);
  });
});

describe("promptText()", () => {
  const view = { id: "peer-3", up: true, epoch: 7, tracker: "peer-2" };
  const text = (role: "follower" | "tracker" | "candidate" | "down", change = {}) =>
    promptText("peer-3", { ...view, role, ...change }, makeStyle(false));

  it("says peer, epoch and role in words", () => {
    assert.equal(text("follower"), "peer-3 e7 follower> ");
    assert.equal(text("tracker"), "peer-3 e7 TRACKER*> ");
    assert.equal(text("candidate"), "peer-3 e7 candidate> ");
    const candidacy = { epoch: 7, votes: 2, needed: 3 };
    assert.equal(text("candidate", { candidacy }), "peer-3 e7 candidate 2/3> ");
    assert.equal(text("follower", { tracker: undefined }), "peer-3 no tracker> ");
    assert.equal(text("down", { up: false }), "peer-3 DOWN> ");
    assert.equal(promptText("peer-3", undefined, makeStyle(false)), "peer-3 DOWN> ");
  });
});

describe("ElectionLog", () => {
  const won = (peer: string, epoch: number, at: number) =>
    event("peer.role", { peer, role: "tracker", epoch }, at);
  const log = (...events: SystemEvent[]): ElectionLog => {
    const made = new ElectionLog();
    for (const one of events) made.add(one);
    return made;
  };

  it("finds two trackers of one epoch", () => {
    const { conflicts, epochs } = log(
      won("a", 1, 0),
      won("b", 2, 1),
      won("a", 2, 2),
      won("b", 2, 3),
    );
    assert.deepEqual(conflicts, [{ epoch: 2, trackers: ["a", "b"] }]);
    assert.deepEqual(epochs, [1, 2]);
  });

  it("counts the votes of a winner", () => {
    const events = log(event("election.win", { peer: "a", epoch: 4, tally: ["a", "b", "c"] }));
    assert.equal(events.votes(4), 3);
    assert.equal(events.votes(5), undefined);
  });

  it("splits a failover, whatever order the events came in", () => {
    const events = log(
      event("fault.crash", { peer: "a" }, 100),
      won("b", 2, 590),
      event("election.prevote", { peer: "b" }, 560),
      event("election.prevote", { peer: "c" }, 570),
    );
    assert.deepEqual(events.failover(), { total: 490, parts: { notice: 460, elect: 30 } });
  });

  it("gives no split without candidates, and no failover without a tracker", () => {
    const crash = event("fault.crash", { peer: "a" }, 100);
    assert.deepEqual(log(crash, won("b", 2, 590)).failover(), { total: 490, parts: undefined });
    assert.equal(log(won("a", 1, 5), crash).failover(), undefined);
    assert.equal(log(won("a", 1, 5)).failover(), undefined);
  });
});
