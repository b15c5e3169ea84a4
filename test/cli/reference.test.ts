import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Command } from "commander";
import { COMMANDS } from "../../src/cli/commands/table.ts";
import { CONSOLE_COMMANDS } from "../../src/cli/console/commands/table.ts";
import { EXIT } from "../../src/cli/exit_codes.ts";
import { root } from "./root.ts";

const text = readFileSync(join(root(), "docs", "cli.md"), "utf8");

test("docs/cli.md has every command on running clusters with its options; node scripts/cli_reference.mjs writes them", () => {
  const missing = COMMANDS.filter(({ group }) => ["Look", "Break", "Help"].includes(group))
    .flatMap((definition) => {
      const command = new Command(definition.name);
      definition.configure(command);
      const [, section = ""] = text.split(`#### \`troupe ${definition.name}\``);
      const wanted = [
        ...definition.examples.map(([line]) => line),
        ...command.options.map(({ long }) => long ?? ""),
      ];
      return wanted.filter((part) => !section.split("####")[0]?.includes(part))
        .map((part) => `${definition.name}: ${part}`);
    });
  assert.deepEqual(missing, []);
});

test("docs/cli.md has every command of the console and every exit code", () => {
  const missing = CONSOLE_COMMANDS.filter(({ name }) => !text.includes(`\`${name}`));
  assert.deepEqual(missing.map(({ name }) => name), []);
  for (const code of Object.values(EXIT)) assert.match(text, new RegExp(`^\\| ${code} `, "m"));
});
