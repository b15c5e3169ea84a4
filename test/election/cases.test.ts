import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

/** The cases of the election (reference `election.md` §5), by number. */
const CASES: readonly string[] = [
  "starts as a follower and is silent",
  "pre-vote writes nothing, self-vote counts once it is on disk",
  "one round, every size and pattern of votes",
  "each peer can be tracker",
  "first come, first served",
  "a request in every role",
  "higher and lower epochs in any message",
  "every role steps down",
  "a candidate follows the tracker of its epoch",
  "a single peer",
  "timeouts are drawn from their range",
  "heartbeats to everybody, from trackers only",
  "a campaign while tracker",
  "T1 to T8",
  "only a live candidate cedes",
  "late grants after a cede",
  "a chain of cedes",
  "no cede to a larger URI; order of URIs",
  "all time out in one millisecond",
  "a cede is repeated, not made twice",
  "crashes around every write",
  "the completion of an old write",
  "a storm of restarts",
  "torn and missing records",
  "one peer id twice",
  "back from isolation",
  "split pre-votes",
  "duelling candidates",
  "pre-votes are refused while heartbeats are recent",
  "a tracker without its quorum",
  "a peer stuck at a higher epoch",
  "a successor once leases are over",
  "a peer that was behind",
  "resigning",
  "leases never overlap",
  "learners",
  "S1 to S7",
  "kills again and again, and a stalker",
  "the candidate dies during the vote",
  "rings, halves, random one-way graphs",
  "slow votes",
  "duplicates, disorder, loss",
  "a hanging tracker",
  "the tracker's disk stalls",
  "the registry is down, slow, stale",
  "one voter more, one voter less",
];

/** Those that are about threads, disks or the registry as well, by number. */
const ON_THREADS: readonly number[] = [24, 25, 34, 43, 45, 46];

test("every case of the election has a test named after it, and those about threads one on threads", () => {
  const core = [...casesIn("election", ""), ...casesIn("peer", "")];
  const threads = casesIn("cluster", "election");
  for (let number = 1; number <= CASES.length; number++) {
    const name = `${number} (${CASES[number - 1]})`;
    const pure = !ON_THREADS.includes(number) || number === 46;
    if (pure) assert.ok(core.includes(number), `case ${name} has no test in test/election`);
    else assert.ok(threads.includes(number), `case ${name} has no test in test/cluster`);
  }
  assert.equal(CASES.length, 46);
});

/** The numbers that the tests of a folder are named after: of names as `27, 28: split...` or `14 T1: a tracker...`. */
function casesIn(folder: string, prefix: string): number[] {
  const path = join(root(), "test", folder);
  const files = readdirSync(path).filter((name) =>
    name.startsWith(prefix) && name.endsWith(".test.ts")
  );
  return files.flatMap((file) => {
    const source = readFileSync(join(path, file), "utf8");
    const names = source.matchAll(/^ *test\(\s*["`](\d+[^:"`]*):/gm);
    return [...names].flatMap(([, list = ""]) =>
      list.split(", ").map((part) => Number.parseInt(part))
    );
  });
}

/** The folder of deno.json, from the sources and from what is compiled of them. */
function root(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "deno.json"))) {
    const above = dirname(folder);
    if (above === folder) throw new Error("No folder above the test has a deno.json");
    folder = above;
  }
  return folder;
}
