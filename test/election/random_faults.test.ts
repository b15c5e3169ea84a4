import process from "node:process";
import assert from "node:assert/strict";
import { test } from "node:test";
import { runRandomFaults } from "./support/random_faults.ts";

/** `ELECTION_SEED=123` runs that seed alone. */
const only = process.env["ELECTION_SEED"];
const seeds = Number(process.env["ELECTION_SEEDS"] ?? 2000);

test("invariants hold under random faults, and a tracker is agreed on after the last of them", () => {
  const seen = new Map<string, number>();
  const from = only === undefined ? 1 : Number(only);
  for (let seed = from; seed < from + (only === undefined ? seeds : 1); seed++) {
    try {
      for (const [tag, count] of runRandomFaults(seed).seen) {
        seen.set(tag, (seen.get(tag) ?? 0) + count);
      }
    } catch (error) {
      throw new Error(`ELECTION_SEED=${seed}: ${(error as Error).message}`, { cause: error });
    }
  }
  if (process.env["ELECTION_COVERAGE"]) console.log(Object.fromEntries([...seen].sort()));
  if (only !== undefined || seeds < 1000) return;
  const wanted = [
    "win",
    "cede",
    "yield",
    "deny:lease",
    "stepdown:lease_lost",
    "forget:down",
    "resign",
  ];
  for (const tag of wanted) assert.ok(seen.has(tag), `${tag} happened in no run`);
});
