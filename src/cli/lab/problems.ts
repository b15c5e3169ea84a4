import type { Problem } from "../../lab/scenario/problem.ts";
import { problemLines } from "../../lab/scenario/problem.ts";

/** All that is wrong in scenario files, and where to look what is right. */
export function problemsText(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return `${
    problems.flatMap(problemLines).join("\n")
  }\n${count}. The schema: troupe schema   The words: docs/scenarios.md\n`;
}
