import assert from "node:assert/strict";
import { cp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { openControl } from "../../src/cli/control/open.ts";
import type { Cluster } from "../../src/cluster/mod.ts";
import { createCluster } from "../../src/cluster/mod.ts";
import { RUNTIME } from "../../src/actor.ts";
import { eventually } from "../support/eventually.ts";
import { tempDir } from "../support/temp_dir.ts";
import { amiss, examplesOf, OTHERWISE } from "./cli_examples.ts";
import { makeWorkshop, typeLine, type Workshop } from "./shell.ts";
import { ROOT } from "./troupe.ts";

const examples = examplesOf(await readFile(new URL("docs/cli.md", ROOT), "utf8"));

/** The first of these asks for runs that are kept. */
const OF_RUNS = /^troupe (replay|runs) /;

const BROKEN = `scenario: broken
cluster: { peers: 3, protocol: seed-literal, unsafe: true }
faults:
  - { at: 100ms, do: link, who: all, to: all, jitter: 30ms, loss: 0.3, reorder: 0.5 }
  - { at: every 200ms, do: campaign, who: all }
expect: { always: [one-winner-per-epoch] }
until: 100s
`;

/** What a reader may have when they come to these examples; of the scenarios a few, since others run them all. */
async function workshopIn(path: string): Promise<Workshop> {
  const kept = join(path, "examples", "scenarios");
  for (const name of ["tracker_crash.yaml", "zombie_tracker.yaml"]) {
    const from = fileURLToPath(new URL(`examples/scenarios/${name}`, ROOT));
    await cp(from, join(kept, name), { recursive: true });
  }
  await writeFile(join(path, "x.yaml"), "scenario: short\ncluster: { peers: 3 }\nuntil: 500ms\n");
  return await makeWorkshop(path);
}

/** Two kept runs that failed, under the names that the examples have for runs. */
async function keepRuns(workshop: Workshop): Promise<void> {
  await writeFile(join(workshop.path, "broken.yaml"), BROKEN);
  const made = await typeLine("troupe run broken.yaml --seed 67 --runs 2 --json", workshop);
  const runs = join(workshop.path, ".troupe", "runs");
  await rename(join(workshop.path, JSON.parse(made.stdout).folder), join(runs, "1128-105012-a"));
  await cp(join(runs, "1128-105012-a"), join(runs, "1128-110000-b"), { recursive: true });
  await rm(join(runs, "latest"), { force: true });
  await symlink("1128-110000-b", join(runs, "latest"));
}

async function check(line: string, workshop: Workshop, t: TestContext): Promise<void> {
  const { after, with: more, exit = 0, endless = false } = OTHERWISE[line] ?? {};
  if (after !== undefined) await typeLine(after, workshop);
  const typed = more === undefined ? line : `${line} ${more}`;
  const from = performance.now();
  const { code, output, stdout } = await typeLine(typed, workshop, { endless });
  t.diagnostic(`$ ${typed}: ${code}, ${Math.round(performance.now() - from)} ms`);
  assert.equal(code, exit, `$ ${typed}\n${output}`);
  assert.equal(amiss(line, stdout), undefined, `$ ${typed}\n${output}`);
}

/** All peers up and one of them tracker, whatever the last example did. */
async function settle(cluster: Cluster): Promise<void> {
  for (const { id } of cluster.view().filter(({ up }) => !up)) await cluster.restart(id);
  await eventually("all peers, and a tracker", () => {
    const view = cluster.view();
    return view.every(({ up }) => up) && view.some(({ role }) => role === "tracker");
  });
}

async function checkGroup(group: string, t: TestContext): Promise<void> {
  await using dir = await tempDir();
  const workshop = await workshopIn(dir.path);
  let kept = false;
  try {
    for (const line of examples.get(group) ?? []) {
      if (!kept && OF_RUNS.test(`${line} `)) {
        await keepRuns(workshop);
        kept = true;
      }
      await check(line, workshop, t);
    }
  } finally {
    // What ran in the background.
    await typeLine("troupe down --all -q", workshop);
  }
}

describe("the examples of docs/cli.md", () => {
  it("are all found, and what is said of some is of those that stand there", () => {
    const all = [...examples.values()].flat();
    assert.ok(all.length >= 70, `${all.length} examples`);
    assert.deepEqual(Object.keys(OTHERWISE).filter((line) => !all.includes(line)), []);
  });

  it("do what they say: Look and Break, on a cluster that runs", async (t) => {
    await using dir = await tempDir();
    const workshop = await workshopIn(dir.path);
    const run = join(dir.path, ".troupe", "runs", "1128-100000-up-1");
    await using cluster = await createCluster({ folder: run, seed: 3 });
    const down = new AbortController();
    await using control = await openControl({
      env: workshop.env,
      name: "brisk-otter",
      runtime: RUNTIME,
      cluster,
      startedAt: Date.now(),
      down: () => down.abort(),
    });
    down.signal.addEventListener("abort", () => void control[Symbol.asyncDispose]());
    // The socket tells what happened since it was opened: of this peer something did.
    await cluster.restart(3);
    for (const line of [...examples.get("Look") ?? [], ...examples.get("Break") ?? []]) {
      if (!down.signal.aborted) await settle(cluster);
      await check(line, workshop, t);
    }
    assert.ok(down.signal.aborted, "nobody stopped it");
  });

  it("do what they say: Run, Results, Check and Help, side by side", async (t) => {
    const groups = ["Run", "Results", "Check", "Help"].map((group) => checkGroup(group, t));
    for (const ended of await Promise.allSettled(groups)) {
      if (ended.status === "rejected") throw ended.reason;
    }
  });

  it("are held against what they print", () => {
    assert.equal(amiss("troupe ps --json", '{"v":1}\n{"v":1}\n'), undefined);
    assert.match(amiss("troupe ps --json", '{"v":1}\nhello\n') ?? "", /hello/);
    assert.match(amiss("troupe ps", "") ?? "", /something/);
    assert.match(amiss("troupe schema > x", "{}") ?? "", /nothing/);
  });
});
