// Reads what `npm test` or `deno test` printed on stdin and prints "PASSED FAILED", counting single tests on both: Deno's own
// count takes a suite for a test and its tests for steps.
import { readFileSync } from "node:fs";

const lines = readFileSync(0, "utf8").split("\n");
let passed = 0;
let failed = 0;
let indentBefore = 0;
for (const line of lines) {
  const node = /^ℹ (pass|fail|cancelled) (\d+)$/.exec(line);
  if (node?.[1] === "pass") passed += Number(node[2]);
  else if (node) failed += Number(node[2]);

  if (/^Uncaught error from .* FAILED$/.test(line)) failed++;
  const deno = /^( *)\S.* \.\.\. (ok|FAILED|ignored|cancelled)( \(.*\))?$/.exec(line);
  if (!deno) continue;
  const indent = deno[1].length;
  // The result of a suite follows those of its tests, which stand deeper.
  const isSuite = indentBefore > indent;
  indentBefore = indent;
  if (isSuite || deno[2] === "ignored") continue;
  if (deno[2] === "ok") passed++;
  else failed++;
}
console.log(`${passed} ${failed}`);
