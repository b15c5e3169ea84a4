import type { Command } from "commander";
import { UsageError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import { explainable, lookup, nearest } from "../explain/lookup.ts";
import { jsonLine } from "../text/json.ts";
import { printable } from "../text/printable.ts";
import type { CliCommand } from "./command.ts";

/** `troupe explain`: what a code or an event means. */
export const explain: CliCommand = {
  name: "explain",
  group: "Help",
  summary: "say what a check, an event, an error's code or an exit code means",
  examples: [
    ["troupe explain noproc", "an error's code, as --json shows it"],
    ["troupe explain peer.role", "a kind of event, and what it carries"],
    ["troupe explain single-server", "a check: what a failure means, and where to look"],
  ],
  completes: [explainable()],
  configure: (command: Command) =>
    void command.argument("<word>", "a code, a kind of event, a check, an invariant, a mutant"),
  run(_options, { io, out, json, args: [word = ""] }) {
    const found = lookup(word);
    if (found === undefined) {
      const meant = nearest(word);
      throw new UsageError(
        `There is nothing to explain about "${
          printable(word)
        }", expected a code, a kind of event, an exit code or a check` +
          (meant === undefined ? "" : `; did you mean "${meant}"?`),
      );
    }
    const { kind, name, text, data } = found;
    const carries = data === undefined || data === "" ? "" : `\n  carries: ${data}`;
    io.stdout.write(
      json
        ? jsonLine(found)
        : `${out.bold(name)} (${kind})\n  ${text || "see docs/events.md"}${carries}\n`,
    );
    return Promise.resolve(EXIT.ok);
  },
};
