import { spawn } from "node:child_process";
import { root } from "./files.mjs";

/** @typedef {Record<"tests" | "suites" | "pass" | "fail" | "cancelled" | "skipped" | "todo", number>} Counts */

/** @type {Set<() => void>} */
const running = new Set();

// The files run in process groups of their own, which an interrupted terminal or CI step does not reach.
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.once(signal, () => {
    for (const kill of running) kill();
    process.exit(130);
  });
}

/**
 * Runs one compiled test file in a process of its own and kills it, with all it started, after `timeoutMs`.
 *
 * @param {string} file relative to the root
 * @param {number} timeoutMs
 * @returns {Promise<{ ok: boolean, ms: number, output: string, counts: Counts }>}
 */
export async function runTestFile(file, timeoutMs) {
  const startedAt = performance.now();
  const grouped = process.platform !== "win32";
  const child = spawn(process.execPath, ["--enable-source-maps", "--test-reporter=spec", file], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    detached: grouped,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => output += text);
  }

  let late = false;
  const kill = () => {
    try {
      if (grouped && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      else child.kill("SIGKILL");
    } catch {
      // All of the group ended meanwhile.
    }
    // What left the group may hold the other ends; without this, `close` would wait for it.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const deadline = setTimeout(() => {
    late = true;
    kill();
  }, timeoutMs);
  running.add(kill);
  const { code, signal } = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  running.delete(kill);
  clearTimeout(deadline);

  const { text, counts } = withoutSummary(output);
  const trouble = late
    ? `did not end within ${timeoutMs} ms: a test hangs, or something it opened was never closed`
    : counts === undefined
    ? `ended before its tests did (${signal ?? `exit code ${code}`})`
    : code !== 0 && counts.fail + counts.cancelled === 0
    ? `failed outside of its tests (exit code ${code})`
    : undefined;
  return {
    ok: code === 0 && trouble === undefined,
    ms: performance.now() - startedAt,
    output: trouble === undefined ? text : `${text}✖ ${file} ${trouble}\n`,
    counts: withFailure(counts, trouble === undefined ? 0 : 1),
  };
}

/**
 * Takes the closing summary out of what the spec reporter printed, so that the run can print one for all files.
 *
 * @param {string} output
 * @returns {{ text: string, counts: Counts | undefined }}
 */
function withoutSummary(output) {
  /** @type {Counts | undefined} */
  let counts;
  const text = output.replace(/^ℹ tests \d+\n(?:ℹ \w+ [\d.]+\n)+/gm, (summary) => {
    const lines = summary.matchAll(/^ℹ (\w+) (\d+)$/gm);
    counts = /** @type {Counts} */ (Object.fromEntries(
      [...lines].map(([, key, count]) => [key, Number(count)]),
    ));
    return "";
  });
  return { text, counts };
}

/**
 * @param {Counts | undefined} counts
 * @param {number} failures of the file itself
 * @returns {Counts}
 */
function withFailure(counts, failures) {
  const none = { tests: 0, suites: 0, pass: 0, fail: 0, cancelled: 0, skipped: 0, todo: 0 };
  const { tests, fail, ...rest } = { ...none, ...counts };
  return { tests: tests + failures, fail: fail + failures, ...rest };
}
