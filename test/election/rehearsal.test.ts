import assert from "node:assert/strict";
import { test } from "node:test";
import { rehearse } from "../../src/election/mod.ts";

test("a rehearsal goes through all of an election: one tracker wins and resigns, and its successor wins", () => {
  assert.equal(rehearse(), 2);
});
