import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../src/election/mod.ts";
import { AskedPreVotes, type MessageEvent } from "../../src/peer/asked_pre_votes.ts";

function asks(from: string, kind: string, epoch: number): MessageEvent {
  return { kind: "message", from, message: { kind, epoch } as Message };
}

test("the latest pre-vote of each peer is taken once, unless its epoch is over", () => {
  const asked = new AskedPreVotes();
  asked.note(asks("a", "PREVOTE", 7), "a.1");
  asked.note(asks("a", "PREVOTE", 8), "a.2");
  asked.note(asks("b", "PREVOTE", 7), undefined);
  asked.note(asks("c", "VOTE", 9), undefined);
  assert.deepEqual(asked.take(7), [{ event: asks("a", "PREVOTE", 8), mid: "a.2" }]);
  assert.deepEqual(asked.take(0), []);
});
