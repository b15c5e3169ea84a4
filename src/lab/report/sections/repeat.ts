import type { Markup } from "../html.ts";
import { html } from "../html.ts";
import { jsonIsland } from "../islands.ts";
import type { ReportInput } from "../report_input.ts";
import { section, table } from "../section.ts";

/** How to see it again: commands, seeds, versions, the schedule; and the data to take away. */
export function repeatSection(input: ReportInput): Markup {
  const { commands, schedule, source, facts, results } = input;
  const seeds = results.map(({ seed }) => seed).join(", ");
  return section(
    "repeat",
    "How to repeat it",
    commands.length > 0 && html`<pre class="commands">${commands.join("\n")}</pre>`,
    html`<p>Seeds: ${seeds}</p>`,
    table(["", ""], Object.entries(facts)),
    html`
      <details>
        <summary>${source?.name ?? "The schedule"}</summary>
        <pre>${source?.text ?? JSON.stringify(schedule, undefined, 2)}</pre>
      </details>
    `,
    html`<p><button type="button" id="save-csv">Save the failovers as CSV</button></p>`,
    jsonIsland("failovers", failoverRows(input)),
  );
}

function failoverRows({ results }: ReportInput): readonly Record<string, unknown>[] {
  return results.flatMap(({ seed, mode, stats }) =>
    stats.failovers.map((failover) => ({ seed, mode, ...failover }))
  );
}
