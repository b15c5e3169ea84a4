import type { Markup } from "../html.ts";
import { html } from "../html.ts";
import { packedIsland } from "../islands.ts";
import type { TracedRun } from "../report_input.ts";
import { section } from "../section.ts";
import { diagramOf } from "../trace/diagram_of.ts";
import { folded } from "../trace/fold.ts";

/** Roles with the letter that stands for each. */
const ROLES = [
  ["f", "follower"],
  ["p", "pre-candidate"],
  ["C", "candidate"],
  ["T", "tracker"],
  ["l", "learner"],
  ["x", "down"],
] as const;

/** Who was what, when, and which messages made it so; the page's script draws it from the data that stands here. */
export function spaceTimeSection(traced: readonly TracedRun[]): Markup {
  return section(
    "space-time",
    "Space and time",
    html`
      <p>A lane per peer, time to the right. The hue is the epoch; letters are roles: ${ROLES.map((
        [letter, role],
      ) =>
        html`
          <b>${letter}</b> ${role}
        `
      )}. Lines are messages, stubs those that never arrived, bands are faults.</p>
      <p
        class="dim">Wheel or <kbd>+</kbd> <kbd>-</kbd>: zoom; drag or <kbd>&larr;</kbd> <kbd>&rarr;</kbd>: move; <kbd>0</kbd>: all of it; <kbd>h</kbd>: heartbeats; <kbd>n</kbd> <kbd>p</kbd>: next, previous event; click: what led to it; <kbd>Esc</kbd>: nothing chosen.</p>
    `,
    traced.map((run, i) => {
      const { result, why } = run;
      return html`
        <figure class="diagram" tabindex="0" data-diagram="diagram-${i}"
          aria-label="space-time diagram of seed ${result.seed}">
        <figcaption>${why[0]!.toUpperCase()}${why.slice(1)}: seed ${result.seed}, ${result
          .verdict}.</figcaption>
        <noscript>The picture needs the script of this page.</noscript>
        <div class="canvas"></div><div class="details" aria-live="polite"></div>
        ${packedIsland(`diagram-${i}`, folded(diagramOf(run)))}
        </figure>
      `;
    }),
  );
}
