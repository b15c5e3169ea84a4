import { CHECKS, INVARIANT_NAMES } from "../checks/mod.ts";
import { MUTANTS } from "../mutants/mod.ts";
import type { Topic } from "./topic.ts";

/** What a failure of a check means, and where to look. */
const MORE: Readonly<Record<string, readonly string[]>> = {
  "one-winner-per-epoch": [
    "The heart of it: two trackers of one epoch would both believe that they own the catalogue.",
    "Look at whose votes the two winners counted: one voter is in both tallies.",
  ],
  "votes-backed": ["A win without a quorum: look at the `count` events before the `win`."],
  "one-vote-per-epoch": [
    "A voter may change its vote once, from itself to a smaller candidate, and only while its candidacy is alive (a cede).",
    "Look at the voter's role and epoch when it granted the second time.",
  ],
  "candidacies-closed": [
    "Who gave its vote away must not count for itself any more: the same vote would be in two tallies.",
  ],
  "epochs-rise": ["A peer that forgets its epoch may vote in it again: look at its disk."],
  "single-server": [
    "Two peers answered as trackers at the same time, although of different epochs: leases overlapped.",
    "Look at when the older one last heard a quorum, and at how its lease is counted.",
  ],
  "registry-truth": ["Look at who registered the epoch's name, and at who won it."],
  "candidacies-backed": ["A pre-vote must change nothing: epochs rise only with a quorum behind."],
  "winners-followed": ["Look at the heartbeat that the follower took for a tracker's."],
  "written-before-sent": [
    "A vote that leaves before it is on disk is forgotten by a crash in between, and given again.",
  ],
  agreed: [
    "It is a matter of chance how long an election takes: a limit below some timeouts fails without a bug.",
    "Look at who is down, who follows whom, and whether a majority of the voters is up.",
  ],
  "catalogue-truth": ["Look at `announce.failed`, and at who was tracker when the files came."],
  downloads: ["Look at `download.holder_lost` and `download.failed`."],
  answered: [
    "An ask that nobody answers and that has no timeout waits for ever. One that has a timeout is not counted, nor is a follower's wait for its tracker's end.",
  ],
  supervision: ["More restarts than its intensity allows end a supervisor, and all below it."],
  stat: ["See `troupe explain failover.p99` for how thresholds are named."],
};

/** Every check, with its invariant, and every mutant. */
export const CHECK_TOPICS: readonly Topic[] = [
  ...[...CHECKS.values()].map(({ name, says }): Topic => ({
    kind: "check",
    name,
    says,
    ...(INVARIANT_NAMES[name] !== undefined && { also: [INVARIANT_NAMES[name]] }),
    ...(name === "agreed" && { also: ["L1"] }),
    ...(MORE[name] && { more: MORE[name] }),
  })),
  {
    kind: "check",
    name: "faults-fired",
    says: "every fault that was planned happened; else the run is inconclusive",
    more: [
      "A fault for the `candidate` finds nobody while there is none: let it wait for the event of one.",
    ],
  },
  ...MUTANTS.map(({ name, says, model }): Topic => ({
    kind: "mutant",
    name,
    says,
    more: [
      `Plant it with \`cluster: { mutant: ${name} }\`, or \`troupe fuzz --mutant ${name}\`.`,
      model === undefined
        ? "Its bug is about time: the model checker, which has no clock, cannot find it."
        : "The model checker finds it, too.",
    ],
  })),
];
