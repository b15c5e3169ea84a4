import type { Verdict } from "../../run/mod.ts";
import type { Summary } from "../../statistics/mod.ts";
import type { Markup } from "../html.ts";
import { html } from "../html.ts";
import type { ReportInput } from "../report_input.ts";

/** What came out, in a glance, and the line that shows it again. */
export function verdictHeader(input: ReportInput, summary: Summary): Markup {
  const { schedule, commands, verdict = summary.verdict } = input;
  const { runs, mode, notes } = summary;
  const where = mode === "live" ? "on real threads" : "in simulation";
  const peers = schedule.cluster.peers ?? 5;
  return html`
    <header>
      <p class="verdict ${verdict}">${verdict.toUpperCase()}</p>
      <h1>${schedule.name}</h1>
      ${schedule.teaches !== undefined && html`<p class="teaches">${schedule.teaches}</p>`}
      <p>${sentenceOn(verdict, brokenOf(input, summary))} ${counted(
        runs.all,
        "run",
      )} ${where}, ${counted(peers, "peer")}.</p>
      ${commands[0] !== undefined && commandLine(commands[0])}
      ${notes.map((note) => html`<p class="dim">${note}</p>`)}
    </header>
  `;
}

function brokenOf({ thresholds = [] }: ReportInput, { checks }: Summary): string[] {
  return [
    ...checks.filter(({ fail }) => fail > 0).map(({ check }) => check),
    ...thresholds.filter(({ verdict }) => verdict === "fail").map(({ check }) => check),
  ];
}

function sentenceOn(verdict: Verdict, broken: readonly string[]): string {
  if (broken.length > 0) return `${counted(broken.length, "check")} failed: ${broken.join(", ")}.`;
  return verdict === "pass" ? "All checks held." : "What would decide did not happen.";
}

function commandLine(command: string): Markup {
  return html`
    <p class="command">
      <code>${command}</code> <button type="button" class="copy" data-copy="${command}">copy</button>
    </p>
  `;
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}
