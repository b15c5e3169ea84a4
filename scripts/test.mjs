// Runs the compiled tests on this Node, one process per file: `node scripts/test.mjs [part of a path ...]`.
//
// Not `node --test`: Node 24 never ends when a file leaks a thread or a port (its --test-timeout is per test, not per
// file), and what it accepts as arguments differs between 20, 22 and 24.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { filesUnder, root } from "./files.mjs";
import { runTestFile } from "./test_file.mjs";

/** Folders whose tests start no threads, so that another file beside them cannot disturb their timing. */
const quiet = /^test\/(support|actor|conformance\/core|election|sharing|runtime\/simulation)\//;

const timeoutMs = Number(process.env.TEST_FILE_TIMEOUT_MS ?? 120_000);
if (!(timeoutMs > 0)) {
  console.error(
    `TEST_FILE_TIMEOUT_MS must be a positive number, got ${process.env.TEST_FILE_TIMEOUT_MS}`,
  );
  process.exit(2);
}

const wanted = process.argv.slice(2);
const sources = filesUnder("test").filter((path) => path.endsWith(".test.ts"));
const chosen = wanted.length === 0
  ? sources
  : sources.filter((path) => wanted.some((part) => path.includes(part)));
if (chosen.length === 0) {
  console.error(`No test file matches ${wanted.join(" ") || "test/**/*.test.ts"}`);
  process.exit(1);
}

/** @param {string} source */
const compiledOf = (source) => `dist/${source.slice(0, -".ts".length)}.js`;
const missing = chosen.filter((source) => !existsSync(join(root, compiledOf(source))));
if (missing.length > 0) {
  console.error(`Not compiled, run \`npm run build\` first: ${missing.join(", ")}`);
  process.exit(1);
}

const startedAt = performance.now();
const totals = { tests: 0, suites: 0, pass: 0, fail: 0, cancelled: 0, skipped: 0, todo: 0 };
/** @type {string[]} */
const failedFiles = [];

/** @param {string} source */
async function run(source) {
  const result = await runTestFile(compiledOf(source), timeoutMs);
  console.log(`${result.ok ? "✔" : "✖"} ${source} (${Math.round(result.ms)} ms)`);
  console.log(result.output.replace(/^(?=.)/gm, "  "));
  for (const key of /** @type {(keyof typeof totals)[]} */ (Object.keys(totals))) {
    totals[key] += result.counts[key];
  }
  if (!result.ok) failedFiles.push(source);
}

/** @param {string[]} queue @param {number} width */
async function runAll(queue, width) {
  const rest = queue.values();
  const lane = async () => {
    for (const source of rest) await run(source);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

console.log(`Node ${process.versions.node}: ${chosen.length} test files`);
await runAll(chosen.filter((path) => quiet.test(path)), 2);
await runAll(chosen.filter((path) => !quiet.test(path)), 1);

for (const [key, count] of Object.entries(totals)) console.log(`ℹ ${key} ${count}`);
console.log(`ℹ duration_ms ${Math.round(performance.now() - startedAt)}`);
if (failedFiles.length > 0) {
  console.log(`✖ failing files:\n${failedFiles.map((source) => `  ${source}`).join("\n")}`);
  process.exitCode = 1;
}
