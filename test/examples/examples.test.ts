import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { moduleUrl, RUNTIME } from "../../src/actor.ts";
import { tempDir } from "../support/temp_dir.ts";

const run = promisify(execFile);

/** What an example prints. It must end by itself. */
async function example(name: string): Promise<string> {
  await using dir = await tempDir();
  const path = fileURLToPath(moduleUrl(`../../examples/${name}`, import.meta.url));
  const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
  const args = RUNTIME === "deno" ? ["run", "-A", "--no-check", "--config", config, path] : [path];
  const { stdout } = await run(process.execPath, args, { cwd: dir.path, timeout: 60_000 });
  return stdout;
}

test("the README's program crashes a tracker and sees the next one", async () => {
  const output = await example("crash_a_tracker.ts");
  assert.match(output, /^peer-\d is tracker of epoch \d+\npeer-\d took over in epoch \d+\n/);
});

test("a race is found in some world, and found again in the world of its seed", async () => {
  const output = await example("find_a_race.ts");
  assert.match(output, /^Seed \d+ fails: paid out: true,true, and there are (70|40) left of 100\n/);
  assert.match(output, /\nAgain: paid out: true,true, and there are (70|40) left of 100\n$/);
});

test("a pool of supervised threads counts words, though one text crashes its thread", async () => {
  const output = await example("word_count.ts");
  assert.match(output, /"12345" could not be counted: a text without words/);
  assert.match(output, /counter\/0 crashed and is started again/);
  assert.match(output, /dog 3, the 3, a 2\n$/);
});
