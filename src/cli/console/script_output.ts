import type { CommandContext } from "../commands/command.ts";
import { jsonLine } from "../text/json.ts";

/** Where the lines of a script print. */
export interface ScriptOutput {
  print(text: string): void;
  complain(text: string): void;
  /** A line is done. */
  ran(line: string, ok: boolean): void;
}

/** Results on stdout and complaints on stderr as they come; with `--json` one object per line of the script. */
export function scriptOutput({ io, err, json }: CommandContext): ScriptOutput {
  if (!json) {
    return {
      print: (text) => void io.stdout.write(`${text}\n`),
      complain: (text) => void io.stderr.write(`${err.red(text)}\n`),
      ran: () => {},
    };
  }
  let [output, errors]: [string[], string[]] = [[], []];
  return {
    print: (text) => void output.push(text),
    complain: (text) => void errors.push(text),
    ran(line, ok) {
      io.stdout.write(jsonLine({ line, ok, output: output.join("\n"), errors: errors.join("\n") }));
      [output, errors] = [[], []];
    },
  };
}
