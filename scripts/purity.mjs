// The rules of the house that no compiler knows: `npm run purity`, or `node scripts/purity.mjs FOLDER` for another tree.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { openEnds } from "./purity/comments.mjs";
import { busyFacades } from "./purity/facades.mjs";
import { root } from "./files.mjs";
import { wrongDirections } from "./purity/house.mjs";
import { outsideWorld } from "./purity/outside_world.mjs";
import { parse } from "./purity/source.mjs";
import { localNames, versionsApart } from "./purity/texts.mjs";

const tree = resolve(process.argv[2] ?? root);
// Not only what is committed: a violation is to be seen before the commit.
const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
  cwd: tree,
  encoding: "utf8",
});
/** @type {Map<string, string>} */
const texts = new Map();
for (const file of new Set(listed.split("\0").filter(Boolean))) {
  try {
    texts.set(file, readFileSync(join(tree, file), "utf8"));
  } catch (error) {
    // Deleted, and the deletion not committed yet.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOENT") throw error;
  }
}

/** @type {import("./purity/source.mjs").Violation[]} */
const violations = [...versionsApart(texts.get("package.json") ?? "{}", texts.get("deno.json") ?? "{}")];
for (const [file, text] of texts) {
  violations.push(...localNames(file, text));
  if (!/\.(ts|mjs)$/.test(file)) continue;
  const source = parse(file, text);
  for (const rule of [wrongDirections, outsideWorld, busyFacades, openEnds]) {
    violations.push(...rule(source));
  }
}

for (const { file, line, message } of violations) console.error(`${file}:${line}: ${message}`);
console.log(`purity: ${texts.size} files, ${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;
