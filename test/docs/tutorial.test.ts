import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { tempDir } from "../support/temp_dir.ts";
import { missingFrom, tasksOf } from "./tutorial.ts";

/** Compiled on Node, source on Deno. */
const EXTENSION = extname(import.meta.url);
const MAIN = fileURLToPath(new URL(`../../src/cli/main${EXTENSION}`, import.meta.url));
const PAGE = new URL(
  EXTENSION === ".ts" ? "../../docs/lab.md" : "../../../docs/lab.md",
  import.meta.url,
);
const RUNTIME = EXTENSION === ".ts" ? ["run", "-A", "--no-check", MAIN] : [MAIN];

interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** `troupe` as a reader of the page types it. */
function troupe(argv: readonly string[], cwd: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NO_COLOR: "1", CI: "1", COLUMNS: "200" };
    const child = spawn(process.execPath, [...RUNTIME, ...argv], { cwd, env });
    let output = "";
    child.stdout.on("data", (data) => output += String(data));
    child.stderr.on("data", (data) => output += String(data));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}

describe("the tutorial", () => {
  it("says what its commands do, one after the other", async (t) => {
    await using dir = await tempDir();
    const tasks = tasksOf(await readFile(PAGE, "utf8"));
    assert.ok(tasks.length >= 12, `${tasks.length} tasks`);
    for (const task of tasks) {
      if ("file" in task) {
        await writeFile(join(dir.path, task.file), task.text);
        continue;
      }
      const [program, ...argv] = task.command.split(" ");
      assert.equal(program, "troupe", task.command);
      const { code, output } = await troupe(argv, dir.path);
      t.diagnostic(`$ ${task.command}: ${code}`);
      assert.equal(code, task.exit, `$ ${task.command}\n${output}`);
      const missing = missingFrom(output, task.prints);
      assert.equal(missing, undefined, `$ ${task.command}\n${output}`);
    }
  });

  it("is not content with less than it shows", () => {
    assert.equal(missingFrom("a 1 run\nok  7 of 9\n", ["a 2 run", "ok 3 of 4"]), undefined);
    assert.equal(missingFrom("ok 7 of 9\na 1 run\n", ["a 2 run", "ok 3 of 4"]), "ok 3 of 4");
    assert.equal(missingFrom("ok 7 of 9\n", ["FAIL 3 of 4"]), "FAIL 3 of 4");
  });
});
