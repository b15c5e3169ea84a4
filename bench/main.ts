/**
 * `npm run bench`, or `npm run bench -- messages threads` for some sections only, `--size 64` for smaller files. Times are those of this machine; the ratios are
 * what can be compared between machines.
 */
import process from "node:process";
import { machineLine, table } from "./report.ts";
import type { Section } from "./section.ts";
import { memory } from "./memory.ts";
import { messages } from "./messages.ts";
import { restarts } from "./restarts.ts";
import { simulation } from "./simulation.ts";
import { threads } from "./threads.ts";
import { tracker } from "./tracker.ts";
import { indexSection, smallFilesSection, transfer } from "./transfer.ts";

const SECTIONS: readonly Section[] = [
  messages,
  transfer,
  smallFilesSection,
  indexSection,
  tracker,
  threads,
  restarts,
  memory,
  simulation,
];

await main(namesOf(process.argv.slice(2)));

/** The sections that are named; `--size MIB` is for those that move files. */
function namesOf(args: readonly string[]): string[] {
  const at = args.indexOf("--size");
  if (at < 0) return [...args];
  process.env["BENCH_MIB"] = args[at + 1] ?? "";
  return args.filter((_, i) => i !== at && i !== at + 1);
}

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !SECTIONS.some((section) => section.name === name));
  if (unknown.length > 0) {
    console.error(
      `No section is called ${unknown.join(", ")}. There are: ${
        SECTIONS.map((section) => section.name).join(", ")
      }`,
    );
    process.exitCode = 2;
    return;
  }
  console.log(machineLine());
  console.log("Medians of interleaved rounds. Ratio: value / reference of the same round.");
  for (const section of SECTIONS) {
    if (names.length > 0 && !names.includes(section.name)) continue;
    await runSection(section);
  }
}

/** A section that fails must not keep the others from being seen. */
async function runSection(section: Section): Promise<void> {
  const begun = performance.now();
  console.log(`\n${section.name}: ${section.title}`);
  try {
    const { rows, notes = [] } = await section.run();
    for (const line of table(rows)) console.log(`  ${line}`);
    for (const note of notes) console.log(`  ${note}`);
    console.log(`  (${((performance.now() - begun) / 1e3).toFixed(1)} s)`);
  } catch (error) {
    console.error(`  failed:`, error);
    process.exitCode = 1;
  }
}
