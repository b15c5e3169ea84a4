import type { Command, Option } from "commander";
import { COMMANDS } from "./commands/table.ts";

/** The commands of docs/cli.md, made of what the commands say of themselves: `node scripts/cli_reference.mjs` writes it there. */
export function reference(program: Command): string {
  const groups = [...new Set(COMMANDS.map(({ group }) => group))];
  return groups.map((group) => {
    const commands = COMMANDS.filter((command) => command.group === group);
    const texts = commands.map(({ name, examples, summary }) => {
      const command = program.commands.find((known) => known.name() === name);
      return command === undefined ? "" : section(command, summary, examples);
    });
    return `### ${group}\n\n${texts.join("\n")}`;
  }).join("\n");
}

function section(
  command: Command,
  summary: string,
  examples: readonly (readonly [line: string, what: string])[],
): string {
  const operands = command.registeredArguments.map((argument) => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name();
    const usage = argument.required ? `<${name}>` : `[${name}]`;
    return `| \`${usage}\` | ${cell(argument.description)} |`;
  });
  const options = command.options.map((option) =>
    `| \`${option.flags.replaceAll("|", "\\|")}\` | ${cell(describe(option))} |`
  );
  const rows = [...operands, ...options];
  const table = rows.length === 0 ? "" : `\n| | |\n| --- | --- |\n${rows.join("\n")}\n`;
  const lines = examples.map(([line, what]) => `${line}    # ${what}`);
  return `#### \`troupe ${command.name()}\`: ${summary}\n${table}\n\`\`\`sh\n${
    lines.join("\n")
  }\n\`\`\`\n`;
}

function describe(
  { description, argChoices, defaultValue, defaultValueDescription, envVar }: Option,
): string {
  const notes = [
    ...(argChoices === undefined ? [] : [argChoices.map((choice) => `\`${choice}\``).join(", ")]),
    ...(defaultValue === undefined || typeof defaultValue === "boolean" ||
        Array.isArray(defaultValue)
      ? []
      : [`default ${defaultValueDescription ?? defaultValue}`]),
    ...(envVar === undefined ? [] : [`environment \`${envVar}\``]),
  ];
  return description + (notes.length === 0 ? "" : ` (${notes.join("; ")})`);
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
