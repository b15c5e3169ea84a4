import type { ExitReason } from "../actor/mod.ts";
import { isAbnormal } from "../actor/mod.ts";
import type { Flags } from "./options.ts";
import type { Restart } from "./spec.ts";
import type { Child, Table } from "./table.ts";
import { inOrder } from "./table.ts";

/** What becomes of a child that ended by itself (§3.4). `keep`: it stays listed, stopped. */
export type Verdict = "restart" | "keep" | "forget";

export function verdictOn(restart: Restart, reason: ExitReason): Verdict {
  if (restart === "temporary") return "forget";
  if (restart === "permanent" || isAbnormal(reason)) return "restart";
  return "keep";
}

/** Whether that end is worth a report: any of a permanent child, abnormal ones of others (OTP's `child_terminated`). */
export function isFailure(restart: Restart, reason: ExitReason): boolean {
  return restart === "permanent" || isAbnormal(reason);
}

/** Who is stopped and who is started when a child is restarted; keys in the order of doing. */
export interface Group {
  readonly stops: readonly string[];
  readonly starts: readonly string[];
}

/** The group that `strategy` restarts because of the child `key` (§3.5). */
export function groupOf(strategy: Flags["strategy"], table: Table, key: string): Group {
  switch (strategy) {
    case "one_for_one":
    case "simple_one_for_one":
      return { stops: [], starts: [key] };
    case "rest_for_one":
      return restGroup(inOrder(table), key);
    case "one_for_all":
      return group(inOrder(table), key);
  }
}

/** The child and those after it. */
function restGroup(children: readonly Child[], key: string): Group {
  return group(children.slice(children.findIndex((child) => child.key === key)), key);
}

/**
 * All of `children`, in order. Those that had ended or were terminated are started, too (T1); temporary ones are only
 * stopped.
 */
function group(children: readonly Child[], key: string): Group {
  const others = children.filter((child) => child.key !== key);
  return {
    stops: others.map((child) => child.key).reverse(),
    starts: children.filter((child) => child.spec.restart !== "temporary").map((child) =>
      child.key
    ),
  };
}

/** Whether the end of a child that is gone for good ends the supervisor (§3.9). `child` is not among `table` as running any more. */
export function endsSupervisor(
  autoShutdown: Flags["autoShutdown"],
  child: Child,
  table: Table,
): boolean {
  if (!child.spec.significant) return false;
  switch (autoShutdown) {
    case "never":
      return false;
    case "any_significant":
      return true;
    case "all_significant":
      return !inOrder(table).some(isSignificantAndThere);
  }
}

/** A child that is being restarted is still there; one that was stopped is not, whoever stopped it (T22). */
function isSignificantAndThere(child: Child): boolean {
  return child.spec.significant && child.status.kind !== "stopped";
}

/** Whether a child that was asked to stop ended as it should (§3.8, T24). */
export function stoppedWell(child: Child, reason: ExitReason): boolean {
  const { shutdown, restart } = child.spec;
  if (shutdown === "brutal_kill" && reason.kind === "killed") return true;
  if (shutdown !== "brutal_kill" && reason.kind === "shutdown" && reason.detail === undefined) {
    return true;
  }
  return !isAbnormal(reason) && restart !== "permanent";
}
