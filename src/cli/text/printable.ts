/**
 * `text` with everything escaped that would move the cursor, colour the terminal or reverse the line. A file name comes from
 * another peer, and may have been chosen to do that.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
  });
}

/** Control characters, line separators, bidirectional overrides, lone surrogates. */
const UNSAFE = /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;
