// Makes the supervision core wrong, one small change at a time, and demands that its tests notice each:
// `node scripts/mutation.mjs [part of a mutant's name or file ...]`. No thread is started: these are the tests of the pure core.
import { existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { filesUnder, root } from "./files.mjs";
import { applyTo, obstacleTo } from "./mutation/mutant.mjs";
import { requests } from "./mutation/requests.mjs";
import { restarts } from "./mutation/restarts.mjs";
import { runTests } from "./mutation/run_tests.mjs";
import { stops } from "./mutation/stops.mjs";
import { strategies } from "./mutation/strategies.mjs";
import { compile, compiledOf, openWorkshop } from "./mutation/workshop.mjs";

/** @typedef {import("./mutation/mutant.mjs").Mutant} Mutant */
/** @typedef {import("./mutation/run_tests.mjs").Verdict} Verdict */

const LANES = 2;
/** Milliseconds. A mutant that loops for ever is found by nothing else. */
const LEAST_TIMEOUT = 10_000;
const folder = "src/supervision";
/** What takes long comes last: most mutants are dead by then. */
const slow = ["administration.test.ts", "supervisor.test.ts", "laws.test.ts"];

process.exitCode = await main(process.argv.slice(2));

/** @param {readonly string[]} wanted */
async function main(wanted) {
  const all = [...restarts, ...strategies, ...stops, ...requests];
  const mutants = wanted.length === 0
    ? all
    : all.filter(({ name, file }) => wanted.some((part) => `${file} ${name}`.includes(part)));
  const obstacles = all.flatMap((mutant) => obstacleTo(mutant, sourceOf(mutant)) ?? []);
  for (const obstacle of obstacles) console.error(`✖ ${obstacle}`);
  if (obstacles.length > 0) return 1;
  if (mutants.length === 0) {
    console.error(`No mutant matches ${wanted.join(" ")}`);
    return 1;
  }

  const startedAt = performance.now();
  const copies = openWorkshop(pureTests(), LANES);
  const builtIn = performance.now() - startedAt;
  const unchanged = await runTests(copies[0], 120_000);
  const baseMs = performance.now() - startedAt - builtIn;
  if (unchanged.kind !== "passed") {
    console.error("✖ The tests must pass on the unchanged core first:", unchanged);
    return 1;
  }
  console.log(
    `${unchanged.tests} tests pass on the unchanged core (built in ${ms(builtIn)}, run in ${
      ms(baseMs)
    })`,
  );

  const timeoutMs = Math.max(LEAST_TIMEOUT, 3 * baseMs);
  const bad = await tryAll(mutants, copies, timeoutMs);
  console.log(
    `${mutants.length} mutants, ${mutants.length - bad} killed (${
      ms(performance.now() - startedAt)
    })`,
  );
  return bad === 0 ? 0 : 1;
}

/** Where the tests of the pure core are. */
function pureTests() {
  /** @param {string} path */
  const rank = (path) => slow.indexOf(basename(path));
  return ["test/conformance/core", "test/supervision"]
    .flatMap((folder) => filesUnder(folder))
    .filter((path) => path.endsWith(".test.ts"))
    .sort((a, b) => rank(a) - rank(b));
}

/** @param {Mutant} mutant */
function sourceOf({ file }) {
  const path = join(root, folder, file);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

/**
 * Gives how many were not killed.
 *
 * @param {readonly Mutant[]} mutants
 * @param {readonly string[]} copies
 * @param {number} timeoutMs
 */
async function tryAll(mutants, copies, timeoutMs) {
  const rest = mutants.values();
  let bad = 0;
  /** @param {string} copy */
  const lane = async (copy) => {
    for (const mutant of rest) {
      const startedAt = performance.now();
      const verdict = await tryOne(mutant, copy, timeoutMs);
      const killed = verdict.kind === "failed" || verdict.kind === "late";
      if (!killed) bad++;
      print(mutant, verdict, killed, performance.now() - startedAt);
    }
  };
  await Promise.all(copies.map(lane));
  return bad;
}

/**
 * @param {Mutant} mutant
 * @param {string} copy
 * @param {number} timeoutMs
 * @returns {Promise<Verdict>}
 */
async function tryOne(mutant, copy, timeoutMs) {
  const file = `${folder}/${mutant.file}`;
  const target = join(copy, compiledOf(file));
  const original = readFileSync(target, "utf8");
  try {
    const changed = compile(file, applyTo(mutant, sourceOf(mutant)));
    if (changed === original) return { kind: "broken", why: "compiled, it is the same" };
    writeFileSync(target, changed);
    return await runTests(realpathSync(copy), timeoutMs);
  } catch (error) {
    return { kind: "broken", why: String(error) };
  } finally {
    writeFileSync(target, original);
  }
}

/**
 * @param {Mutant} mutant
 * @param {Verdict} verdict
 * @param {boolean} killed
 * @param {number} time
 */
function print(mutant, verdict, killed, time) {
  const what = `${mutant.file}: ${mutant.name}`.padEnd(88);
  console.log(`${killed ? "✔" : "✖"} ${what} ${ms(time).padStart(7)}  ${byWhom(verdict)}`);
}

/** @param {Verdict} verdict */
function byWhom(verdict) {
  switch (verdict.kind) {
    case "failed":
      return `${basename(verdict.file)}: ${verdict.name}`;
    case "late":
      return "(the tests do not end)";
    case "passed":
      return "SURVIVED";
    case "broken":
      return `NO MUTANT: ${verdict.why}`;
  }
}

/** @param {number} time */
function ms(time) {
  return `${Math.round(time)} ms`;
}
