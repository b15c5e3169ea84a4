// Whether, when and how often a child is restarted.
import { mutantsOf } from "./mutant.mjs";

/** @type {import("./mutant.mjs").Mutant[]} */
export const restarts = [
  ...mutantsOf("intensity.ts", [
    [
      "a restart at the very end of the period is forgotten",
      "at >= now - periodMs",
      "at > now - periodMs",
    ],
    ["restarts count for ever", "return at >= now - periodMs;", "return true;"],
    ["restarts never count", "return at >= now - periodMs;", "return false;"],
    ["the restart itself does not count", "periodMs)), now];", "periodMs))];"],
    [
      "one restart less is tolerated",
      "restarts.length > intensity",
      "restarts.length >= intensity",
    ],
    [
      "intensity 0 makes an attempt",
      "restarts.length > intensity",
      "restarts.length > Math.max(1, intensity)",
    ],
  ]),
  ...mutantsOf("backoff.ts", [
    [
      "the random part comes before the cap",
      "return cappedDelay(backoff, n) * (1 + random * backoff.randomFactor);",
      "return Math.min(backoff.max, backoff.min * 2 ** n * (1 + random * backoff.randomFactor));",
    ],
    ["pauses have no cap", "Math.min(backoff.max, backoff.min * 2 ** n)", "backoff.min * 2 ** n"],
    ["pauses do not double", "backoff.min * 2 ** n)", "backoff.min * 2 * n)"],
    ["pauses are not random", "(1 + random * backoff.randomFactor)", "1"],
    [
      "running for exactly resetAfter is not enough",
      "now - startedAt >= backoff.resetAfter",
      "now - startedAt > backoff.resetAfter",
    ],
    ["pauses are never reset", "return now - startedAt >= backoff.resetAfter;", "return false;"],
    ["pauses are reset after min", "resetAfter = (min + max) / 2", "resetAfter = min"],
  ]),
  ...mutantsOf("restart.ts", [
    [
      "temporary children count toward intensity",
      `case "forget":\n      forget(turn, child);`,
      `case "forget":\n      turn.restarts = addRestart(turn.restarts, turn.now, turn.flags.periodMs);\n      forget(turn, child);`,
    ],
    [
      "the end of a temporary child does not shut down",
      "forget(turn, child);\n      return checkAutoShutdown(turn, child);",
      "return forget(turn, child);",
    ],
    [
      "the end of a transient child does not shut down",
      "settleStopped(turn, child);\n      return checkAutoShutdown(turn, child);",
      "return settleStopped(turn, child);",
    ],
    [
      "one restart in a row more than maxRestarts",
      "child.failures >= backoff.maxRestarts",
      "child.failures > backoff.maxRestarts",
    ],
    [
      "restarts in a row are not counted",
      "failures: child.failures + 1",
      "failures: child.failures",
    ],
    [
      "a child that ran long enough is not forgiven",
      "restartChild(turn, forgiven(turn, child),",
      "restartChild(turn, child,",
    ],
    [
      "a child's own backoff yields to the supervisor's",
      "child.spec.backoff ?? turn.flags.backoff",
      "turn.flags.backoff ?? child.spec.backoff",
    ],
    [
      "news for an earlier wait wakes a later one",
      `child?.status.kind === "restarting" && child.status.token === token ?`,
      `child?.status.kind === "restarting" ?`,
    ],
    [
      "a restart with a pause counts twice",
      `if (child?.status.kind === "restarting") beginRestart(turn, child, child.status.ref);`,
      `if (child?.status.kind === "restarting") restartChild(turn, child, child.status.ref, undefined);`,
    ],
    [
      "the group runs on during the pause",
      `begin(turn, { kind: "pause", key: child.key, ref, ms }, stops, []);`,
      `begin(turn, { kind: "pause", key: child.key, ref, ms }, [], []);`,
    ],
    [
      "a failed start is tried again before what waits in the mailbox",
      `turn.effects.push({ kind: "try_again", key, token });`,
      `tryAgain(turn, key, token);`,
    ],
    [
      "only the first attempt of a failing restart counts",
      `if (child?.status.kind === "restarting") restartChild(turn, child, child.status.ref, undefined);`,
      `if (child?.status.kind === "restarting") beginRestart(turn, child, child.status.ref);`,
    ],
    [
      "the group is not stopped for a restart",
      `begin(turn, { kind: "restart", key: child.key, ref }, stops, starts);`,
      `begin(turn, { kind: "restart", key: child.key, ref }, [], starts);`,
    ],
  ]),
];
