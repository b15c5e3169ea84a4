import type { Flags } from "./options.ts";
import { mapValues } from "./persistent_map.ts";
import type { CompleteSpec } from "./spec.ts";
import type { Turn } from "./state.ts";
import { groupOf } from "./strategy.ts";
import type { Child } from "./table.ts";
import { getChild } from "./table.ts";

/** Says whose names are expected to come back, where that has changed (§3.10: messages meanwhile are kept). */
export function expectNames(turn: Turn): void {
  if (!turn.expects) return;
  const before = turn.expected;
  const after = expectedNames(turn);
  const added = [...after].filter((name) => !before.has(name));
  const gone = [...before].filter((name) => !after.has(name));
  if (added.length === 0 && gone.length === 0) return;
  turn.expected = after;
  turn.effects.push({ kind: "expect", added, gone });
}

/** The names of children with backoff that run, or that are to run again. */
function expectedNames(turn: Turn): Set<string> {
  const names = new Set<string>();
  if (turn.phase === "stopping" || turn.phase === "ended") return names;
  const add = (child: Child | undefined): void => {
    if (child === undefined || !comesBack(turn.flags, child.spec)) return;
    names.add(child.spec.options.name as string);
  };
  const addGroup = (key: string): void => {
    for (const other of groupOf(turn.flags.strategy, turn.table, key).starts) {
      add(getChild(turn.table, other));
    }
  };
  for (const child of mapValues(turn.table.children)) {
    if (child.status.kind === "running") add(child);
    else if (child.status.kind === "restarting") addGroup(child.key);
  }
  const goal = turn.operation?.goal;
  if (goal?.kind === "restart" || goal?.kind === "pause") addGroup(goal.key);
  return names;
}

/** Whether a child of that spec is expected back by its name. */
export function comesBack(flags: Flags, { backoff, options }: CompleteSpec): boolean {
  return options.name !== undefined && (backoff ?? flags.backoff) !== undefined;
}
