import { INVARIANTS } from "../invariants/mod.ts";
import type { Check } from "./check.ts";

/** The invariants of an election (§1.8) by the names that scenarios give them. */
export const INVARIANT_NAMES: Readonly<Record<string, string>> = {
  "one-winner-per-epoch": "I1",
  "votes-backed": "I2",
  "one-vote-per-epoch": "I3",
  "candidacies-closed": "I4",
  "epochs-rise": "I5",
  "single-server": "I6",
  "registry-truth": "I7",
  "candidacies-backed": "I8",
  "winners-followed": "I9",
  "written-before-sent": "I10",
};

/** What the trace checker found, a check for each invariant. */
export const electionChecks: readonly Check[] = Object.entries(INVARIANT_NAMES).map(
  ([name, id]): Check => {
    const says = INVARIANTS.find((invariant) => invariant.id === id)?.says ?? id;
    return {
      name,
      says,
      judge({ violations, journal }) {
        const broken = violations.filter(({ invariant }) => invariant === id);
        const [first] = broken;
        if (first === undefined) {
          return journal.some(({ kind }) => kind.startsWith("election."))
            ? { verdict: "pass", message: says }
            : { verdict: "inconclusive", message: "no election was seen" };
        }
        const more = broken.length > 1 ? ` (and ${broken.length - 1} more)` : "";
        return {
          verdict: "fail",
          message: first.message + more,
          measured: broken.length,
          evidence: first.evidence,
          culprit: id,
        };
      },
    };
  },
);
