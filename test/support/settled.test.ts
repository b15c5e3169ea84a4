import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import process from "node:process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

describe("a test file fails", () => {
  it("when a rejection comes after its last test", async () => {
    const { failed, output } = await runFixture("late_rejection");
    assert.ok(failed, output);
    assert.match(output, /late rejection/);
  });

  it("when an exception comes after its last test", async () => {
    const { failed, output } = await runFixture("late_exception");
    assert.ok(failed, output);
    assert.match(output, /late exception/);
  });

  it("but not when its rejections are handled", async () => {
    const { failed, output } = await runFixture("nothing_left");
    assert.ok(!failed, output);
  });
});

function runFixture(name: string): Promise<{ failed: boolean; output: string }> {
  const here = (file: string) => {
    const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
    return fileURLToPath(new URL(`./${file}.${extension}`, import.meta.url));
  };
  const args = "deno" in process.versions
    ? ["test", "-A", "--no-check", `--preload=${here("settled")}`]
    : ["--test-reporter=spec"];
  // The inner run must not take itself for a child of the outer one.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, [...args, here(`fixtures/${name}`)], { env }, (error, out, err) => {
      resolve({ failed: error !== null, output: out + err });
    });
  });
}
