import type { Child, Markup } from "./html.ts";
import { html } from "./html.ts";

/** A part of the report with a heading that can be linked to. */
export function section(id: string, heading: string, ...content: readonly Child[]): Markup {
  return html`
    <section id="${id}"><h2>${heading}</h2>
    ${content}
    </section>
  `;
}

/** A table; numbers stand to the right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly Child[])[],
): Markup {
  return html`
    <div class="wide">
      <table>
        <thead>
          <tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr>
        </thead>
        <tbody>${rows.map((row) =>
          html`<tr>${
            row.map((cell) =>
              html`<td${
                typeof cell === "number"
                  ? html`
                    class="number"
                  `
                  : ""
              }>${cell}</td>`
            )
          }</tr>`
        )}</tbody>
      </table>
    </div>
  `;
}

/** Milliseconds for people. */
export function ms(value: number): string {
  return value < 10_000 ? `${Math.round(value * 10) / 10} ms` : `${Math.round(value / 100) / 10} s`;
}
