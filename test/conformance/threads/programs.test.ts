import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { moduleUrl, RUNTIME } from "../../../src/actor.ts";

/** Runs a program of the fixtures until it ends by itself; fails if it does not. */
function run(name: string, flags: { readonly gc?: boolean } = {}): Promise<string[]> {
  const program = fileURLToPath(moduleUrl(`./fixtures/${name}`, import.meta.url));
  const gc = RUNTIME === "deno" ? ["--v8-flags=--expose-gc"] : ["--expose-gc"];
  const args = [
    ...(RUNTIME === "deno" ? ["run", "-A", "--no-check"] : []),
    ...(flags.gc ? gc : []),
    program,
  ];
  const options = { timeout: 45_000, killSignal: "SIGKILL" } as const;
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, options, (error, out, err) => {
      if (error) reject(new Error(`${name}: ${error.message}\n${out}${err}`, { cause: error }));
      else resolve(out.trim().split("\n"));
    });
  });
}

test("114 everything is stopped: the process exits by itself", async () => {
  assert.deepEqual(await run("ends_by_itself.ts"), ["said 2", "shut down"]);
});

test("116 a proxy is collected during a call: the call settles", async () => {
  assert.deepEqual(await run("collected_proxy.ts", { gc: true }), [
    "answers 1 2 3",
    "failure noproc",
    "shut down",
  ]);
});
