import type { LinkFault } from "../../cluster/faults.ts";
import { ConsoleError } from "../errors.ts";
import { parseDuration } from "../text/duration.ts";

/** The words of a link's fault: what each of them changes, and what its value is. */
const WORDS: Readonly<Record<string, readonly [key: keyof LinkFault, kind: "time" | "share"]>> = {
  delay: ["delay", "time"],
  jitter: ["jitter", "time"],
  drop: ["loss", "share"],
  loss: ["loss", "share"],
  dup: ["duplication", "share"],
  reorder: ["reordering", "share"],
};

/** All words that {@linkcode linkFaultOf} knows. */
export const LINK_WORDS: readonly string[] = [...Object.keys(WORDS), "block"];

/** The fault that `delay 50ms drop 0.1` means. @throws ConsoleError that names the word */
export function linkFaultOf(words: readonly string[]): LinkFault {
  const fault: { -readonly [K in keyof LinkFault]: LinkFault[K] } = {};
  for (let at = 0; at < words.length; at++) {
    const word = words[at]?.toLowerCase() ?? "";
    if (word === "block") {
      fault.blocked = true;
      continue;
    }
    const known = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
    if (known === undefined) {
      throw new ConsoleError(`What is "${word}"? Expected some of ${LINK_WORDS.join(", ")}`);
    }
    Object.assign(fault, { [known[0]]: valueOf(word, words[++at] ?? "", known[1]) });
  }
  if (Object.keys(fault).length > 0) return fault;
  throw new ConsoleError(`What of the link? Expected some of ${LINK_WORDS.join(", ")}`);
}

function valueOf(word: string, text: string, kind: "time" | "share"): number {
  if (kind === "time") {
    const ms = parseDuration(text);
    if (ms !== undefined) return ms;
    throw new ConsoleError(`${word} is "${text}", expected a time such as 50ms`);
  }
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text);
  const share = percent === null ? Number(text || NaN) : Number(percent[1]) / 100;
  if (share >= 0 && share <= 1) return share;
  throw new ConsoleError(`${word} is "${text}", expected a part from 0 to 1, or as 10%`);
}
