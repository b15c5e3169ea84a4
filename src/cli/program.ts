import type { OutputConfiguration } from "commander";
import { Command, Option } from "commander";
import type { CliCommand, CommandContext } from "./commands/command.ts";
import { COMMANDS } from "./commands/table.ts";
import type { Operands } from "./completion/candidates.ts";
import { candidates } from "./completion/candidates.ts";
import { namesOfNow } from "./completion/names.ts";
import type { Io } from "./io.ts";
import { show } from "../actor/mod.ts";
import { UsageError } from "./errors.ts";
import { columnsOf } from "./io.ts";
import type { Style } from "./style.ts";
import { makeStyle, wantsColor } from "./style.ts";
import { errorLine } from "./text/json.ts";
import { suggest } from "./text/suggest.ts";
import { VERSION } from "./version.ts";

const ABOUT = "Supervised actors in worker threads, and a peer-to-peer cluster to break and watch.";
const EXIT_CODES = `Exit codes:
  0  done          1   a check or a command failed     2  wrong usage, or a wrong file
  3  inconclusive  70  internal                        130 ended by Ctrl-C`;

/** How commands learn that they shall end, and tell. */
export type Stopping = Pick<CommandContext, "signal" | "interrupt">;

/** Whether a command line asks for JSON; known before it is parsed, since it may not parse. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return argv.slice(0, end < 0 ? undefined : end).includes("--json");
}

/** How the command line is read, and who learns what it did. */
export interface Running {
  /** Whether what is wrong with the command line is told as JSON. */
  readonly json: boolean;
  /** Gets the exit code of the command that was run. */
  ran(exitCode: number): void;
}

/** The parser of the command line. */
export function makeProgram(io: Io, stopping: Stopping, { json, ran }: Running): Command {
  const program = new Command("troupe")
    // Before the commands are added: they copy these settings.
    .exitOverride()
    .configureOutput(outputOf(io, json))
    .configureHelp({
      showGlobalOptions: true,
      // Every command has options; to say so of each would leave less room.
      subcommandTerm: (command) =>
        `${command.name()} ${command.usage().replace(/^\[options\] ?/, "")}`.trim(),
    })
    .helpCommand(false)
    .description(ABOUT)
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help, also of a command")
    .addOption(
      new Option("--color <when>", "colours").choices(["auto", "always", "never"]).default("auto"),
    )
    .option("-q, --quiet", "results only, no notices")
    .option("--json", "results as JSON, one object a line")
    .addHelpText("after", () => `\n${examples(firstExamples())}\n\n${EXIT_CODES}`)
    .action(() => program.args.length === 0 ? program.outputHelp() : refuse(program));
  for (const command of COMMANDS) add(program, command, io, stopping, ran);
  addHelp(program);
  addComplete(program, io);
  // A word that is no command comes to the root as an argument too many. Last, since commands copy this.
  return program.allowExcessArguments();
}

/** `troupe help [command]`, in a group like the others. */
function addHelp(program: Command): void {
  program.command("help [command]")
    .helpGroup("Help")
    .summary("print help, also of a command")
    .description("Print help, also of a command.")
    .action((name: string | undefined) => {
      if (name === undefined) return program.outputHelp();
      const command = program.commands.find((known) => known.name() === name);
      if (command === undefined) refuse(program, name);
      else command.outputHelp();
    });
}

/** What the scripts of `troupe completion` ask; hidden, since no person does. */
function addComplete(program: Command, io: Io): void {
  program.command("__complete [words...]", { hidden: true }).action(async (words: string[]) => {
    const operands: Operands = (name) =>
      name === "help"
        ? ["command"]
        : COMMANDS.find((command) => command.name === name)?.completes ?? [];
    const found = await candidates(program, words, operands, namesOfNow(io));
    if (found.length > 0) io.stdout.write(`${found.join("\n")}\n`);
  });
}

/** @throws UsageError that names the word and suggests what may have been meant */
function refuse(program: Command, word: string = program.args[0] ?? ""): never {
  const meant = suggest(word, program.commands.map((command) => command.name()));
  throw new UsageError(
    `Unknown command ${show(word)}` +
      (meant === undefined ? "; troupe --help lists the commands" : `; did you mean "${meant}"?`),
  );
}

/** Of each group the first command's first example: more would hide the commands. */
function firstExamples(): CliCommand["examples"] {
  const firsts = new Map<string, CliCommand["examples"][number]>();
  for (const { group, examples: [example] } of COMMANDS) {
    if (example !== undefined && !firsts.has(group)) firsts.set(group, example);
  }
  return [...firsts.values()];
}

function add(
  program: Command,
  definition: CliCommand,
  io: Io,
  stopping: Stopping,
  ran: (exitCode: number) => void,
): void {
  const command = program.command(definition.name)
    .summary(definition.summary)
    .description(`${capitalised(definition.summary)}.`)
    .helpGroup(definition.group)
    .addHelpText("after", `\n${examples(definition.examples)}`)
    .action(async () => {
      const options = command.optsWithGlobals();
      ran(await definition.run(options, contextOf(options, command.args, io, stopping)));
    });
  definition.configure(command);
}

function contextOf(
  options: Readonly<Record<string, unknown>>,
  args: readonly string[],
  io: Io,
  stopping: Stopping,
): CommandContext {
  const option = options["color"] === "always" || options["color"] === "never"
    ? options["color"]
    : "auto";
  const styleOf = (stream: { readonly isTTY?: boolean | undefined }): Style =>
    makeStyle(wantsColor({ option, env: io.env, isTTY: stream.isTTY === true }));
  return {
    io,
    ...stopping,
    out: styleOf(io.stdout),
    err: styleOf(io.stderr),
    quiet: options["quiet"] === true,
    json: options["json"] === true,
    args,
  };
}

function outputOf(io: Io, json: boolean): OutputConfiguration {
  return {
    outputError: (text, write) => write(json ? errorLine(new UsageError(plainError(text))) : text),
    writeOut: (text) => void io.stdout.write(text),
    writeErr: (text) => void io.stderr.write(text),
    getOutHelpWidth: () => columnsOf(io.stdout, io.env),
    getErrHelpWidth: () => columnsOf(io.stderr, io.env),
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  };
}

/** commander's message without its `error: `, on one line. */
function plainError(text: string): string {
  return text.replace(/^error: /, "").trim();
}

function examples(lines: CliCommand["examples"]): string {
  const width = Math.max(...lines.map(([line]) => line.length));
  return ["Examples:", ...lines.map(([line, what]) => `  ${line.padEnd(width)}  ${what}`)].join(
    "\n",
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
