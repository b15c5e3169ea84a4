/** Names that tie a checkout to one network or one machine; what examples use, such as `/home/ada`, does not. */
const local = [
  {
    pattern: /\b(registry\.(npmjs|yarnpkg|npmmirror)|npm\.jsr|npm\.pkg\.github)\.\w+/,
    what: "a package registry's host",
  },
  {
    pattern: /(?:^|[\s"'`(=:,]|file:\/\/)(\/work\/\w[^\s"'`)]*)/,
    what: "a path of one machine",
  },
];

/**
 * @param {string} file
 * @param {string} text
 * @returns {Generator<import("./source.mjs").Violation>}
 */
export function* localNames(file, text) {
  for (const [index, line] of text.split("\n").entries()) {
    for (const { pattern, what } of local) {
      const found = pattern.exec(line);
      if (found) yield { file, line: index + 1, message: `names ${what}: ${found[1] ?? found[0]}` };
    }
  }
}

/**
 * @param {string} npm text of package.json
 * @param {string} deno text of deno.json
 * @returns {Generator<import("./source.mjs").Violation>}
 */
export function* versionsApart(npm, deno) {
  const [ours, theirs] = [JSON.parse(npm).version, JSON.parse(deno).version];
  if (ours === theirs) return;
  const message = `version ${theirs} is not the ${ours} of package.json`;
  yield { file: "deno.json", line: lineOf(deno, '"version"'), message };
}

/** @param {string} text @param {string} part */
function lineOf(text, part) {
  return text.slice(0, text.indexOf(part)).split("\n").length;
}
