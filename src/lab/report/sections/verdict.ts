import type { RunResult, Verdict } from "../../run/mod.ts";
import type { Markup } from "../html.ts";
import { html } from "../html.ts";
import type { ReportInput } from "../report_input.ts";

/** The worst of the verdicts: one failure fails all, and what no run could decide is not passed. */
export function verdictOf(results: readonly RunResult[]): Verdict {
  const verdicts = results.map(({ verdict }) => verdict);
  if (verdicts.includes("fail")) return "fail";
  return verdicts.includes("pass") ? "pass" : "inconclusive";
}

/** What came out, in a glance, and the line that shows it again. */
export function verdictHeader({ schedule, results, commands }: ReportInput): Markup {
  const verdict = verdictOf(results);
  const broken = [
    ...new Set(
      results.flatMap(({ checks }) =>
        checks.filter((check) => check.verdict === "fail").map(({ check }) => check)
      ),
    ),
  ];
  const [first] = results;
  const sentence = broken.length === 0
    ? verdict === "pass" ? "All checks held." : "What would decide did not happen."
    : `${broken.length} ${broken.length === 1 ? "check" : "checks"} failed: ${broken.join(", ")}.`;
  return html`
    <header>
    <p class="verdict ${verdict}">${verdict.toUpperCase()}</p>
    <h1>${schedule.name}</h1>
    ${schedule.teaches !== undefined && html`<p class="teaches">${schedule.teaches}</p>`}
    <p>${sentence} ${results.length} ${results.length === 1
      ? "run"
      : "runs"} ${first?.mode === "live"
      ? "on real threads"
      : "in simulation"}, ${schedule.cluster.peers ?? 5} peers.</p>
    ${commands.length > 0 && html`
      <p
        class="command"><code>${commands[
          0
        ]}</code> <button type="button" class="copy" data-copy="${commands[0]}">copy</button></p>
    `}
    </header>
  `;
}
