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

test("docs/cli.md has every command with its options; node scripts/cli_reference.mjs writes them", () => {
  const missing = COMMANDS
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

test("docs/cli.md says what every command prints with --json", () => {
  const [, table = ""] = text.split("## JSON\n");
  const rows = table.split("\n").map((line) => line.split("|")[1] ?? "").join("\n");
  const missing = COMMANDS.filter(({ name }) => !new RegExp(`\`${name}[\` ]`).test(rows));
  assert.deepEqual(missing.map(({ name }) => name), []);
});

test("every command has two examples, which call it", () => {
  const poor = COMMANDS.filter(({ name, examples }) =>
    examples.filter(([line]) => line.includes(`troupe ${name}`)).length < 2
  );
  assert.deepEqual(poor.map(({ name }) => name), []);
});

test("docs/cli.md has every command of the console and every exit code", () => {
  const missing = CONSOLE_COMMANDS.filter(({ name }) => !text.includes(`\`${name}`));
  assert.deepEqual(missing.map(({ name }) => name), []);
  for (const code of Object.values(EXIT)) assert.match(text, new RegExp(`^\\| ${code} `, "m"));
});
