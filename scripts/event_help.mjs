// Writes what docs/events.md says of each kind of event into src/cli/explain/events.ts, for `troupe explain`: `node scripts/event_help.mjs && npm run fmt`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./files.mjs";

const HEAD = `/** A kind of event: what it carries, and when it comes. */
export interface EventHelp {
  readonly data: string;
  readonly when: string;
}

/** Every kind of event as docs/events.md has it, written by scripts/event_help.mjs; \`election.*\` stands for those of an election's steps. */
export const EVENTS: Readonly<Record<string, EventHelp>> = {
`;

/** @param {string} cell */
const plain = (cell) => cell.replaceAll("`", "").trim();

const rows = readFileSync(join(root, "docs", "events.md"), "utf8").split("\n")
  .filter((line) => line.startsWith("| `"))
  .flatMap((line) => {
    const [, kinds = "", data = "", when = ""] = line.split("|");
    return [...kinds.matchAll(/`([^`]+)`/g)].map(([, kind]) =>
      `  ${JSON.stringify(kind)}: ${JSON.stringify({ data: plain(data), when: plain(when) })},\n`
    );
  });
writeFileSync(join(root, "src", "cli", "explain", "events.ts"), `${HEAD}${rows.join("")}};\n`);
