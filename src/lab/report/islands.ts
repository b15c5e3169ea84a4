import { gzipSync } from "node:zlib";
import { html, Markup } from "./html.ts";

/** Data in the page for its script: JSON in which nothing ends the element. */
export function jsonIsland(id: string, value: unknown): Markup {
  const text = JSON.stringify(value).replaceAll("<", "\\u003c");
  return html`<script type="application/json" id="${id}">${new Markup(text)}</script>`;
}

/** The same for much data: compressed, in base64. */
export function packedIsland(id: string, value: unknown): Markup {
  const text = gzipSync(JSON.stringify(value)).toString("base64");
  return html`<script type="text/plain" id="${id}">${text}</script>`;
}
