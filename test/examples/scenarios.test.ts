import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { CheckResult, Mode, RunResult } from "../../src/lab.ts";
import { isCode, loadScenario, loadsTypeScript, runSchedule } from "../../src/lab.ts";
import { overallVerdict } from "../../src/lab/run_folder/overall.ts";

/** The folder of the sources, whether this runs from there or compiled. */
function examples(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return join(folder, "examples", "scenarios");
}

const FILES = readdirSync(examples()).filter((name) =>
  /\.yaml$|\.scenario\.ts$/.test(name) && (!name.endsWith(".ts") || loadsTypeScript())
);

/** Short, and of every kind: a program, a crash, a pause, a partition, timers, the name server. */
const LIVE = /successor|tracker_crash|zombie|bridge|split_vote|registry_down/;

async function runOf(name: string, mode: Mode, seeds: readonly number[]): Promise<void> {
  const loaded = await loadScenario(join(examples(), name));
  const results: RunResult[] = [];
  for (const seed of seeds) {
    results.push(
      loaded.kind === "code"
        ? (await loaded.scenario.run({ seed, mode })).result
        : await runSchedule(loaded.schedule, { seed, mode }),
    );
  }
  const told = (checks: readonly CheckResult[]): string =>
    checks.filter(({ verdict }) => verdict !== "pass").map(({ check, message }) =>
      `${check}: ${message}`
    ).join("; ");
  const verdict = loaded.kind === "code"
    ? results.every((result) => result.verdict === "pass") ? "pass" : "fail"
    : overallVerdict(loaded.schedule, results, [], seeds.length);
  assert.equal(verdict, "pass", results.map(({ checks }) => told(checks)).join(" | "));
}

test("there are at least ten scenarios, and each says in one sentence what it teaches", async () => {
  const yaml = FILES.filter((name) => !isCode(name));
  assert.ok(yaml.length >= 10);
  for (const name of yaml) {
    const loaded = await loadScenario(join(examples(), name));
    assert.match(loaded.kind === "file" ? loaded.schedule.teaches ?? "" : "", /^[A-Z].+\.$/, name);
  }
});

for (const name of FILES) {
  test(`${name} passes in simulation`, () =>
    runOf(name, "sim", /seed_literal/.test(name) ? [1, 2, 3] : [1, 2]));
}

for (const name of FILES.filter((file) => LIVE.test(file))) {
  test(`${name} passes on threads`, () => runOf(name, "live", [1]));
}
