import { spawn } from "node:child_process";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { reporter } from "./workshop.mjs";

/**
 * What the tests say: all passed; one failed; they did not end in time; or something else went wrong.
 *
 * @typedef {{ kind: "passed", tests: number }
 *   | { kind: "failed", file: string, name: string, error: string }
 *   | { kind: "late" }
 *   | { kind: "broken", why: string }} Verdict
 */

/**
 * Runs the tests of one copy up to the first that fails.
 *
 * @param {string} copy
 * @param {number} timeoutMs
 * @returns {Promise<Verdict>}
 */
export async function runTests(copy, timeoutMs) {
  const child = spawn(process.execPath, [`--test-reporter=${reporter}`, "all_tests.js"], {
    cwd: copy,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text) => output += text);
  child.stderr.setEncoding("utf8").on("data", (text) => errors += text);
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);
  let late = false;
  const deadline = setTimeout(() => {
    late = true;
    kill();
  }, timeoutMs);
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  clearTimeout(deadline);
  process.off("exit", kill);
  if (late) return { kind: "late" };
  return verdictOf(copy, code, output, errors);
}

/**
 * @param {string} copy
 * @param {number | null} code
 * @param {string} output
 * @param {string} errors
 * @returns {Verdict}
 */
function verdictOf(copy, code, output, errors) {
  const line = output.split("\n").find((line) => /^\{"(failed|passed)":/.test(line));
  if (line === undefined) return { kind: "broken", why: lastLine(errors) ?? `exit code ${code}` };
  const { failed, passed } = JSON.parse(line);
  if (failed === undefined) {
    return code === 0
      ? { kind: "passed", tests: passed }
      : { kind: "broken", why: `exit code ${code}` };
  }
  const { file = "", name, error } = failed;
  // A mutant that does not even make sense is no proof of anything.
  if (/^(ReferenceError|SyntaxError)/.test(error)) {
    return { kind: "broken", why: `${error} in "${name}"` };
  }
  const path = file.startsWith("file:") ? fileURLToPath(file) : file;
  return { kind: "failed", file: relative(copy, path).replace(/\.js$/, ".ts"), name, error };
}

/** @param {string} text */
function lastLine(text) {
  return text.trim().split("\n").findLast((line) => /Error/.test(line)) ??
    text.trim().split("\n").at(-1);
}
