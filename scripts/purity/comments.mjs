import ts from "typescript";
import { descendants } from "./source.mjs";

/**
 * What is left to do names the issue that holds it.
 *
 * @param {ts.SourceFile} source
 * @returns {Generator<import("./source.mjs").Violation>}
 */
export function* openEnds(source) {
  const text = source.text;
  /** @type {Map<number, string>} */
  const comments = new Map();
  for (const node of descendants(source)) {
    const ranges = [
      ...ts.getLeadingCommentRanges(text, node.pos) ?? [],
      ...ts.getTrailingCommentRanges(text, node.end) ?? [],
    ];
    for (const { pos, end } of ranges) comments.set(pos, text.slice(pos, end));
  }
  for (const [start, comment] of comments) {
    for (const { 0: word, index } of comment.matchAll(/\b(TODO|FIXME|XXX)\b(?!\(#\d+\))/g)) {
      const { line } = source.getLineAndCharacterOfPosition(start + index);
      const message = `${word} without its issue: write ${word}(#12)`;
      yield { file: source.fileName, line: line + 1, message };
    }
  }
}
