import { resolve } from "node:path";
import type { Problem } from "../../lab/scenario/mod.ts";
import { EXIT } from "../exit_codes.ts";
import { problemsText } from "../lab/problems.ts";
import { scenarioFiles } from "../lab/scenario_files.ts";
import { jsonLine } from "../text/json.ts";
import type { CliCommand } from "./command.ts";

/** `troupe check`: whether scenario files are right. */
export const check: CliCommand = {
  name: "check",
  group: "Check",
  summary: "look for mistakes in scenario files, without running them",
  examples: [
    ["troupe check x.yaml", "every mistake with its line; exit code 2 if there is one"],
    ["troupe check examples --json", "of every scenario in a folder, for a program"],
  ],
  configure(command) {
    command.argument("<file...>", "scenario files, or folders with some");
  },
  async run(_options, { io, args, json, quiet }) {
    const { loadScenario } = await import("../../lab/code/mod.ts");
    const { ScenarioError } = await import("../../lab/scenario/mod.ts");
    const problems: Problem[] = [];
    const files = await scenarioFiles(args, io.cwd);
    for (const file of files) {
      try {
        await loadScenario(resolve(io.cwd, file), { name: file });
      } catch (error) {
        if (!(error instanceof ScenarioError)) throw error;
        problems.push(...error.problems);
      }
    }
    if (json) io.stdout.write(jsonLine({ files, problems }));
    else if (problems.length > 0) io.stdout.write(problemsText(problems));
    else if (!quiet) {
      io.stdout.write(`${files.length === 1 ? "1 file is" : `${files.length} files are`} right\n`);
    }
    return problems.length > 0 ? EXIT.usage : EXIT.ok;
  },
};
