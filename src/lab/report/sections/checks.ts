import type { CheckResult, RunResult } from "../../run/mod.ts";
import type { Summary } from "../../statistics/mod.ts";
import { verdictOf } from "../../statistics/mod.ts";
import type { Markup } from "../html.ts";
import { html } from "../html.ts";
import { section, table } from "../section.ts";

/** Every check with how many runs held it, and what broke it. */
export function checksSection(
  { checks }: Summary,
  results: readonly RunResult[],
  thresholds: readonly CheckResult[],
): Markup {
  const perRun = checks.map(({ check, pass, fail, inconclusive }) => {
    const outcomes = results.flatMap(({ seed, checks }) =>
      checks.filter((one) => one.check === check).map((one) => ({ ...one, seed }))
    );
    const broken = outcomes.filter(({ verdict }) => verdict === "fail");
    const told = broken[0] ?? outcomes.find(({ verdict }) => verdict !== "pass") ?? outcomes[0];
    return [
      badge(outcomes),
      check,
      `${pass} of ${pass + fail + inconclusive}`,
      told === undefined ? "" : seen(told),
      broken.length === 0
        ? ""
        : html`<details><summary>${broken.length} seeds</summary>${
          broken.map(({ seed }) => seed).join(", ")
        }</details>`,
    ];
  });
  const together = thresholds.map((threshold) => [
    badge([threshold]),
    threshold.check,
    "all runs together",
    seen(threshold),
    "",
  ]);
  const rows = [...perRun, ...together];
  return section(
    "checks",
    "Checks",
    rows.length === 0
      ? html`<p>No checks were asked for.</p>`
      : table(["", "rule", "held", "seen", "broken by"], rows),
  );
}

function badge(outcomes: readonly CheckResult[]): Markup {
  const verdict = verdictOf(outcomes);
  const word = verdict === "pass" ? "ok" : verdict === "fail" ? "FAIL" : "?";
  return html`<span class="badge ${verdict}">${word}</span>`;
}

function seen({ message, measured, limit }: CheckResult): string {
  if (measured === undefined) return message;
  const numbers = `${Math.round(measured * 10) / 10}`;
  return `${message} (${numbers}${limit === undefined ? "" : `, limit ${limit}`})`;
}
