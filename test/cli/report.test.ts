import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { RunFolderWriter } from "../../src/lab/run_folder/mod.ts";
import { LINES, sampleInput } from "../lab/report/sample.ts";
import { tempDir } from "../support/temp_dir.ts";
import { run } from "./fake_io.ts";

/** A run that is kept below `root`. */
async function keep(root: string): Promise<RunFolderWriter> {
  const { schedule, results } = sampleInput(2);
  const writer = await RunFolderWriter.create(root, schedule, { now: new Date() });
  for (const result of results) writer.result(result);
  {
    await using events = await writer.events("42");
    for (const line of LINES) events.write(line);
  }
  const check = { check: "failover.p99 < 100", verdict: "fail", message: "too slow" } as const;
  await writer.finish({
    v: 1,
    name: schedule.name,
    verdict: "fail",
    mode: "sim",
    time: new Date(0).toISOString(),
    seeds: ["42", "43"],
    thresholds: [check],
    replay: `troupe replay ${writer.id} --seed 42`,
  }, undefined);
  await writer[Symbol.asyncDispose]();
  return writer;
}

test("troupe report makes one file in the folder of the newest run, with the verdict on all its runs", async () => {
  await using dir = await tempDir();
  const { path } = await keep(dir.path);
  const { code, stdout, stderr } = await run(["report"], { cwd: dir.path });
  assert.deepEqual([code, stderr], [0, ""]);
  assert.equal(stdout.trim(), join(path, "report.html"));
  const page = await readFile(stdout.trim(), "utf8");
  assert.match(page, /class="verdict fail"/);
  assert.match(page, /failover\.p99 &lt; 100/);
  assert.match(page, /troupe replay \S+ --seed 42/);
});

test("troupe report puts the report where it is told to, under the title it is told", async () => {
  await using dir = await tempDir();
  await keep(dir.path);
  const argv = ["report", "latest", "-o", "here.html", "--title", "A <title>", "--json"];
  const { code, stdout } = await run(argv, { cwd: dir.path });
  assert.equal(code, 0);
  const said = JSON.parse(stdout);
  const page = await readFile(join(dir.path, "here.html"), "utf8");
  assert.deepEqual([said.report, said.bytes], [join(dir.path, "here.html"), page.length]);
  assert.match(page, /<h1>A &lt;title&gt;<\/h1>/);
});

test("troupe report of a run that is not there ends with exit code 2 and says which", async () => {
  await using dir = await tempDir();
  const { code, stderr } = await run(["report", "nowhere"], { cwd: dir.path });
  assert.equal(code, 2);
  assert.match(stderr, /nowhere/);
});
