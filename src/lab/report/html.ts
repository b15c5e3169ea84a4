/** Text that is HTML or SVG already, and is not escaped again. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template takes: strings and numbers are escaped, lists are joined, `undefined` and `false` are nothing. */
export type Child = Markup | string | number | undefined | false | readonly Child[];

/**
 * HTML in which everything that is put in is escaped.
 *
 * @example
 * ```ts
 * html`<td>${"a < b"}</td>`.text; // <td>a &lt; b</td>
 * ```
 */
export function html(strings: TemplateStringsArray, ...children: readonly Child[]): Markup {
  return new Markup(
    strings.map(tight).reduce((text, part, i) => text + textOf(children[i - 1]) + part),
  );
}

/** What indents a template in its source does not indent the page. */
function tight(part: string): string {
  return part.replace(/\n\s+/g, "\n");
}

function textOf(child: Child): string {
  if (child === undefined || child === false) return "";
  if (child instanceof Markup) return child.text;
  if (typeof child === "object") return child.map(textOf).join("");
  return escapeHtml(String(child));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);
}
