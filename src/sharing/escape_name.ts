/** What a terminal or a log could obey or a reader could not see: controls, direction marks, lone surrogates, line ends. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}"\\]/gu;

const SHOWN = 200;

/**
 * A name of a stranger as it may be printed: quoted, on one line, every invisible character spelled out, cut
 * at 200 characters.
 *
 * @example
 * ```ts
 * escapeName("a\u001b[31m"); // '"a\\u{1b}[31m"'
 * ```
 */
export function escapeName(name: unknown): string {
  if (typeof name !== "string") return `(${name === null ? "null" : typeof name})`;
  const cut = name.length > SHOWN ? `${name.slice(0, SHOWN - 1)}…` : name;
  return `"${cut.replace(UNPRINTABLE, (found) => `\\u{${found.codePointAt(0)!.toString(16)}}`)}"`;
}
