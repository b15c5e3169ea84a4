import type { Command } from "commander";
import { Argument } from "commander";
import type { Shell } from "../completion/scripts.ts";
import { SCRIPTS, SHELLS } from "../completion/scripts.ts";
import { EXIT } from "../exit_codes.ts";
import { jsonLine } from "../text/json.ts";
import type { CliCommand } from "./command.ts";

/** `troupe completion`: what a shell must be told. */
export const completion: CliCommand = {
  name: "completion",
  group: "Help",
  summary: "print what makes a shell complete troupe's commands, peers and clusters",
  examples: [
    ["source <(troupe completion bash)", "for this shell only"],
    ["troupe completion fish > ~/.config/fish/completions/troupe.fish", "for good"],
  ],
  completes: [SHELLS],
  configure(command: Command): void {
    command.addArgument(new Argument("<shell>", "which one").choices([...SHELLS]));
  },
  run(_options, { io, json, args: [shell] }) {
    const script = SCRIPTS[shell as Shell];
    io.stdout.write(json ? jsonLine({ shell, script }) : script);
    return Promise.resolve(EXIT.ok);
  },
};
