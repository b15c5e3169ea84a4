import type { MixEntry } from "../run/resolve_fault.ts";
import type { PlannedFault, Schedule } from "../scenario/schedule.ts";

/** What is wanted of a bare election: I1 to I10 and L1, which are about elections alone. */
const JUDGED = /^(I([1-9]|10)|L1)$/;

/** Verbs that a bare election knows. */
const VERBS: ReadonlySet<string> = new Set([
  "crash",
  "restart",
  "wipe",
  "pause",
  "link",
  "partition",
  "disk",
  "resign",
  "campaign",
  "timers",
  "undo",
]);

/**
 * Why a failure of `culprit` cannot be looked for in bare elections; undefined if it can. Files and work are no reason: they are left
 * out, as they have no part in an election.
 */
export function refusalOfBare(schedule: Schedule, culprit: string): string | undefined {
  if (!JUDGED.test(culprit)) return `${culprit} is not about elections`;
  const { mutant } = schedule.cluster;
  const strange = schedule.faults.flatMap(verbsOf).find((fault) => !isKnown(fault));
  if (strange !== undefined) return `a bare election knows no ${strange.verb}`;
  return mutant === undefined || schedule.cluster.protocol !== "seed-literal"
    ? undefined
    : "a mutant is one of the protocol troupe";
}

function verbsOf(
  { verb, with: details = {} }: PlannedFault,
): Pick<PlannedFault, "verb" | "with">[] {
  if (verb !== "nemesis") return [{ verb, with: details }];
  return [...details["mix"] as readonly MixEntry[] ?? []];
}

function isKnown({ verb, with: details = {} }: Pick<PlannedFault, "verb" | "with">): boolean {
  if (verb === "crash") return details["how"] !== "hang";
  if (verb === "disk") return details["stalled"] === true;
  return VERBS.has(verb);
}
