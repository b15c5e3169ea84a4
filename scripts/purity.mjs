// The rules of the house that no compiler knows: `npm run purity`, or `node scripts/purity.mjs FOLDER` for another tree.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { openEnds } from "./purity/comments.mjs";
import { busyFacades } from "./purity/facades.mjs";
import { filesUnder, root } from "./files.mjs";
import { wrongDirections } from "./purity/house.mjs";
import { outsideWorld } from "./purity/outside_world.mjs";
import { parse } from "./purity/source.mjs";
import { localNames, versionsApart } from "./purity/texts.mjs";

/** What .gitignore leaves out, and git's own; git itself may be missing where the tests run. */
const foreign = [".git", ".troupe", "dist", "node_modules"];

const tree = resolve(process.argv[2] ?? root);
const files = readdirSync(tree, { withFileTypes: true }).flatMap((entry) =>
  foreign.includes(entry.name) || entry.name.endsWith(".tgz")
    ? []
    : entry.isDirectory()
    ? filesUnder(entry.name, tree)
    : [entry.name]
);
/** @param {string} file */
const read = (file) => readFileSync(join(tree, file), "utf8");

/** @type {import("./purity/source.mjs").Violation[]} */
const violations = [...versionsApart(read("package.json"), read("deno.json"))];
for (const file of files) {
  const text = read(file);
  violations.push(...localNames(file, text));
  if (!/\.(ts|mjs)$/.test(file)) continue;
  const source = parse(file, text);
  for (const rule of [wrongDirections, outsideWorld, busyFacades, openEnds]) {
    violations.push(...rule(source));
  }
}

for (const { file, line, message } of violations) console.error(`${file}:${line}: ${message}`);
console.log(`purity: ${files.length} files, ${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;
