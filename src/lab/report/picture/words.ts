import { html, type Markup } from "../html.ts";
import type { Diagram } from "../trace/diagram.ts";
import type { Thing } from "./causes.ts";
import { time } from "./draw.ts";

/** A thing of the picture in words; nothing of what is not drawn. */
export function inWords({ peers }: Diagram, thing: Thing): string {
  if (thing.kind === "passed") return "";
  if (thing.kind === "mark") {
    const { t, peer, kind, text } = thing.mark;
    return `${time(t)} ${peers[peer]}: ${kind}${text === "" ? "" : ` (${text})`}`;
  }
  const { kind, from, to, sent, received, dropped, epoch } = thing.arrow;
  const fate = received === undefined
    ? `never arrived${dropped === undefined ? "" : `: ${dropped}`}`
    : `arrived after ${time(received - sent)}`;
  const of = epoch === undefined ? "" : ` of epoch ${epoch}`;
  return `${time(sent)} ${peers[from]} to ${peers[to]}: ${kind}${of}, ${fate}`;
}

/** The thing that is chosen and all that led to it. */
export function chainInWords(
  diagram: Diagram,
  things: ReadonlyMap<number, Thing>,
  chain: readonly number[],
): Markup {
  const words = chain.flatMap((seq) => {
    const thing = things.get(seq);
    return thing === undefined ? [] : inWords(diagram, thing) || [];
  });
  // Both ends of a message read the same.
  const [first, ...rest] = words.filter((text, i) => text !== words[i - 1]);
  return html`<b>${first}</b>${
    rest.length > 0 && html`<ol>${rest.map((text) => html`<li>${text}</li>`)}</ol>`
  }`;
}
