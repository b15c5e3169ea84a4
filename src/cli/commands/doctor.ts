import { examine } from "../doctor/checks.ts";
import { EXIT } from "../exit_codes.ts";
import { jsonLine } from "../text/json.ts";
import type { CliCommand } from "./command.ts";

/** `troupe doctor`: whether this machine has what troupe needs. */
export const doctor: CliCommand = {
  name: "doctor",
  group: "Help",
  summary: "look whether this machine has what troupe needs",
  examples: [
    ["troupe doctor", "exit code 1 if something needed is wrong"],
    ["troupe doctor --json", "for a bug report"],
  ],
  configure() {},
  async run(_options, { io, out, json }) {
    const findings = await examine(io);
    const wrong = findings.some(({ state }) => state === "wrong");
    if (json) io.stdout.write(jsonLine({ ok: !wrong, findings }));
    else {
      for (const { what, state, found, hint } of findings) {
        const mark = {
          ok: out.green("ok   "),
          missing: out.yellow("note "),
          wrong: out.red("WRONG"),
        };
        const line = `${mark[state]}  ${what.padEnd(15)}  ${found}`;
        io.stdout.write(`${line}${hint === undefined ? "" : `\n       ${hint}`}\n`);
      }
    }
    return wrong ? EXIT.failed : EXIT.ok;
  },
};
