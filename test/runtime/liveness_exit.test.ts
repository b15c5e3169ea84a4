import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { RUNTIME } from "../../src/actor.ts";
import { fixture } from "./support.ts";

/** Runs a program to its end; fails if that does not come. */
function run(args: readonly string[]): Promise<{ code: number | string | null; output: string }> {
  const program = fileURLToPath(fixture("ends_by_itself.ts"));
  const runtime = RUNTIME === "deno" ? ["run", "-A", "--no-check"] : [];
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [...runtime, program, ...args],
      { timeout: 45_000, killSignal: "SIGKILL" },
      (error, out, err) =>
        resolve({ code: error?.signal ?? child.exitCode, output: `${out}${err}` }),
    );
  });
}

test("case 114: a program that has shut its system down ends by itself", async () => {
  const { code, output } = await run([]);
  assert.equal(code, 0, output);
  assert.match(output, /x:said 2\n(.*\n)*shut down/);
});

test("case 114: it does so also when a thread hangs", async () => {
  const { code, output } = await run(["hanging"]);
  assert.equal(code, 0, output);
  assert.match(output, /shut down/);
});
