import type { ExitReason } from "../actor/mod.ts";
import { SHUTDOWN } from "../actor/mod.ts";
import { begin, settleStopped, stopMany } from "./operation.ts";
import type { Turn } from "./state.ts";
import { isDynamic, report } from "./state.ts";
import { endsSupervisor } from "./strategy.ts";
import type { Child } from "./table.ts";
import { youngestFirst } from "./table.ts";

/** Stops all children, the youngest first and one at a time, then ends with `reason`. A dynamic supervisor's all at once. */
export function beginExit(turn: Turn, reason: ExitReason): void {
  turn.phase = "stopping";
  const children = youngestFirst(turn.table);
  const goal = { kind: "exit", reason } as const;
  if (!isDynamic(turn)) return begin(turn, goal, children.map((child) => child.key), []);
  begin(turn, goal, [], []);
  stopMany(turn, children);
}

/** Too many restarts: the one that `child` asked for is not tried any more. */
export function giveUp(turn: Turn, child: Child, why: "intensity" | "max_restarts"): void {
  const { intensity, periodMs } = turn.flags;
  report(turn, { kind: "gave_up", id: child.key, why, intensity, periodMs });
  settleStopped(turn, child);
  beginExit(turn, SHUTDOWN);
}

/** `child` ended by itself for good: whether the supervisor goes with it. */
export function checkAutoShutdown(turn: Turn, child: Child): void {
  if (!endsSupervisor(turn.flags.autoShutdown, child, turn.table)) return;
  report(turn, { kind: "auto_shutdown", id: child.key });
  beginExit(turn, SHUTDOWN);
}
