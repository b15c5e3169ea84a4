import type { CheckResult, RunResult } from "../../run/mod.ts";
import type { Markup } from "../html.ts";
import { html } from "../html.ts";
import { section, table } from "../section.ts";

/** Every check with how many runs held it, and what broke it. */
export function checksSection(results: readonly RunResult[]): Markup {
  const names = [...new Set(results.flatMap(({ checks }) => checks.map(({ check }) => check)))];
  const rows = names.map((name) => {
    const outcomes = results.flatMap(({ seed, checks }) =>
      checks.filter(({ check }) => check === name).map((check) => ({ seed, check }))
    );
    const failed = outcomes.filter(({ check }) => check.verdict === "fail");
    const undecided = outcomes.filter(({ check }) => check.verdict === "inconclusive");
    const passed = outcomes.length - failed.length - undecided.length;
    const told = failed[0] ?? undecided[0] ?? outcomes[0];
    return [
      badge(failed.length > 0 ? "fail" : passed > 0 ? "pass" : "inconclusive"),
      name,
      `${passed} of ${outcomes.length}`,
      told === undefined ? "" : measured(told.check),
      failed.length === 0
        ? ""
        : html`<details><summary>${failed.length} seeds</summary>${
          failed.map(({ seed }) => seed).join(", ")
        }</details>`,
    ];
  });
  return section(
    "checks",
    "Checks",
    rows.length === 0
      ? html`<p>No checks were asked for.</p>`
      : table(["", "rule", "held", "seen", "broken by"], rows),
  );
}

function badge(verdict: string): Markup {
  const word = verdict === "pass" ? "ok" : verdict === "fail" ? "FAIL" : "?";
  return html`<span class="badge ${verdict}">${word}</span>`;
}

function measured({ message, measured, limit }: CheckResult): string {
  const numbers = measured === undefined
    ? ""
    : ` (${Math.round(measured * 10) / 10}${limit === undefined ? "" : `, limit ${limit}`})`;
  return message + numbers;
}
