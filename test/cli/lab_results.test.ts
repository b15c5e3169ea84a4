import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { RunFolderWriter, runInto } from "../../src/lab/run_folder/mod.ts";
import type { Schedule } from "../../src/lab/scenario/mod.ts";
import { tempDir } from "../support/temp_dir.ts";
import { run } from "./fake_io.ts";

function crash(profile: "default" | "fast"): Schedule {
  return {
    v: 1,
    name: `crash ${profile}`,
    cluster: { peers: 3, profile },
    faults: [{ id: "f1", when: { at: 500 }, verb: "crash", who: "tracker", for: 400 }],
    work: [],
    checks: [{ check: "single-server" }],
    until: 1_200,
    quiet: 3_000,
  };
}

/** Two runs of the same seeds, the older one with slow timers. */
async function twoRuns(root: string): Promise<void> {
  for (const [i, profile] of (["default", "fast"] as const).entries()) {
    const time = new Date(1_000 * i);
    await using writer = await RunFolderWriter.create(root, crash(profile), { now: time });
    await runInto(crash(profile), { writer, seeds: ["1", "2", "3"], mode: "sim", time });
  }
}

describe("runs that are kept", () => {
  it("are compared seed by seed, and exported for other programs", async () => {
    await using dir = await tempDir();
    const cwd = dir.path;
    await twoRuns(cwd);
    const compared = await run(["compare", "latest~1", "latest"], { cwd });
    assert.equal(compared.code, 0, compared.stderr);
    assert.match(compared.stdout, /pairs +3 seeds that both have/);
    assert.match(compared.stdout, /^failover: B was \d+\.\d\d x faster\.$/m);
    const json = JSON.parse((await run(["compare", "latest", "latest", "--json"], { cwd })).stdout);
    assert.deepEqual([json.v, json.same, json.difference], [1, true, 0]);

    const csv = (await run(["export", "latest"], { cwd })).stdout.trimEnd().split("\n");
    assert.equal(csv.length, 4);
    assert.match(csv[0]!, /^name,seed,mode,verdict,.*,allMs,/);
    assert.match(csv[1]!, /^crash fast,1,sim,pass,/);

    const lines = (await run(["export", "latest", "--format", "ndjson"], { cwd })).stdout;
    const trace = lines.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.ok(trace.some(({ kind }) => kind === "election.win"));

    const argv = ["export", "latest", "--format", "trace", "-o", "trace.json"];
    assert.equal((await run(argv, { cwd })).code, 0);
    const { traceEvents } = JSON.parse(await readFile(join(cwd, "trace.json"), "utf8"));
    const of = (ph: string, cat: string): number =>
      traceEvents.filter((event: { ph: string; cat: string }) =>
        event.ph === ph && event.cat === cat
      ).length;
    assert.equal(of("M", ""), 3);
    assert.ok(of("X", "role") >= 6 && of("s", "message") > 0 && of("i", "fault") === 1);
    assert.equal(of("s", "message"), of("f", "message"));
  });

  it("that did not fail cannot be shrunk, and traces that are not kept not be exported", async () => {
    await using dir = await tempDir();
    const cwd = dir.path;
    await twoRuns(cwd);
    const shrunk = await run(["shrink", "latest"], { cwd });
    assert.equal(shrunk.code, 2);
    assert.match(shrunk.stderr, /shows no failure of a check in any of its 3 runs/);
    const exported = await run(["export", "latest", "--format", "ndjson", "--seed", "99"], { cwd });
    assert.equal(exported.code, 2);
    assert.match(exported.stderr, /keeps no trace of seed 99; kept: \d/);
    const metric = await run(["compare", "latest", "latest", "--metric", "nonsense"], { cwd });
    assert.equal(metric.code, 2);
    assert.match(metric.stderr, /metric is "nonsense", expected one of failover/);
  });
});

describe("troupe fuzz", () => {
  it("finds a bug that is planted, keeps the run, and says how to see it again", async () => {
    await using dir = await tempDir();
    const cwd = dir.path;
    const argv = ["fuzz", "--seed", "8", "--runs", "40", "--mutant", "name-of-a-loser", "--bail"];
    const { code, stdout } = await run([...argv, "--jobs", "1"], { cwd });
    assert.equal(code, 1, stdout);
    const [, id, seed] = /troupe replay (\S+) --seed (\d+)/.exec(stdout)!;
    const kept = JSON.parse(
      await readFile(join(cwd, ".troupe", "runs", id!, "verdict.json"), "utf8"),
    );
    assert.deepEqual([kept.verdict, kept.seeds], ["fail", [seed]]);
    assert.match(stdout, /1 failed/);
  });

  it("refuses a time that is none", async () => {
    const { code, stderr } = await run(["fuzz", "--minutes", "soon"]);
    assert.equal(code, 2);
    assert.match(stderr, /Expected a number of minutes above 0/);
  });
});

describe("troupe explain", () => {
  it("says what a check, its invariant, a statistic and a mutant are", async () => {
    for (
      const [word, says] of [
        ["single-server", /no two peers serve at the same time \(I6\)/],
        ["I6", /single-server/],
        ["failover.p99", /from the loss of a tracker until all agreed/],
        ["no-stickiness", /vote against a tracker that they still hear/],
      ] as const
    ) {
      const { code, stdout } = await run(["explain", word]);
      assert.equal(code, 0);
      assert.match(stdout, says);
    }
  });
});
