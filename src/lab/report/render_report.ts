import { summarise } from "../statistics/mod.ts";
import { CLIENT } from "./client.gen.ts";
import { html, Markup } from "./html.ts";
import type { ReportInput } from "./report_input.ts";
import { checksSection } from "./sections/checks.ts";
import { failoverSection } from "./sections/failover.ts";
import { overTimeSection } from "./sections/over_time.ts";
import { repeatSection } from "./sections/repeat.ts";
import { spaceTimeSection } from "./sections/space_time.ts";
import { verdictHeader } from "./sections/verdict.ts";
import { votesSection } from "./sections/votes.ts";
import { STYLE } from "./style.ts";

/**
 * A report as one HTML page that needs nothing else: it works from disk, without network, in print and in the dark.
 *
 * @throws InvalidOptionError of no results
 *
 * @example
 * ```ts
 * await writeFile("report.html", renderReport({ schedule, results, traced, commands, facts }));
 * ```
 */
export function renderReport(input: ReportInput): string {
  const { schedule, results, traced, thresholds = [] } = input;
  const summary = summarise(results, schedule.cluster);
  const [first] = traced;
  return html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
        <link rel="icon" href="data:,">
        <title>${schedule.name}: troupe report</title>
        <style>${new Markup(STYLE)}</style>
      </head>
      <body>
    ${verdictHeader(input, summary)}
    <nav aria-label="parts"><a href="#checks">Checks</a> <a href="#space-time">Space and time</a> <a href="#failover">Failover</a> <a href="#votes">Votes</a> <a href="#over-time">Over time</a> <a href="#repeat">How to repeat it</a></nav>
    <main>
    ${checksSection(summary, results, thresholds)}
    ${traced.length > 0 && spaceTimeSection(traced)}
    ${failoverSection(summary, results)}
    ${first && votesSection(first)}
    ${first && overTimeSection(first)}
    ${repeatSection(input)}
    </main>
    <script>${new Markup(CLIENT)}</script>
      </body>
    </html>
  `.text;
}
