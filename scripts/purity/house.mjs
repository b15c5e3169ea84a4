import { posix } from "node:path";
import { importsOf, violation } from "./source.mjs";

/** The house from top to bottom: a folder imports from those above it. Folders of one row do not know each other. */
const rows = [
  ["src/actor"],
  ["src/supervision"],
  ["src/registry"],
  ["src/runtime/threads"],
  ["src/runtime/simulation"],
  ["src/runtime"],
  ["src/election"],
  ["src/sharing"],
  ["src/peer"],
  ["src/cluster"],
  ["src/lab"],
  ["src/cli"],
];

/** @param {string} path */
function roomOf(path) {
  return rows.flat().find((room) => path.startsWith(`${room}/`));
}

/** @param {string} room */
const rowOf = (room) => rows.findIndex((row) => row.includes(room));

/** @param {string} path */
const isFacade = (path) => /^src\/[^/]+\.ts$/.test(path);

/**
 * The one direction in which the folders of src/ may import; types count like values.
 *
 * @param {import("typescript").SourceFile} source
 */
export function* wrongDirections(source) {
  const file = source.fileName;
  if (!file.startsWith("src/")) return;
  const room = roomOf(file);
  if (room === undefined && !isFacade(file)) {
    yield violation(source, "is in a folder that the house (DESIGN.md) does not have");
    return;
  }
  for (const { specifier, node } of importsOf(source)) {
    if (!specifier.startsWith(".")) {
      if (/^troupe(\/|$)/.test(specifier)) {
        yield violation(node, `imports "${specifier}", its own package: use a relative path`);
      }
      continue;
    }
    const target = posix.join(posix.dirname(file), specifier);
    if (!target.startsWith("src/")) {
      yield violation(node, `imports ${target}: src/ knows nothing outside of it`);
      continue;
    }
    if (room === undefined) continue;
    const other = roomOf(target);
    if (other === room) continue;
    if (room === "src/election") {
      yield violation(node, `imports ${target}: src/election imports nothing from outside`);
    } else if (other === undefined) {
      yield violation(node, `imports ${target}, which is no room above ${room}`);
    } else if (rowOf(other) >= rowOf(room)) {
      yield violation(node, `imports ${target}: ${other} is not above ${room}`);
    }
  }
}
