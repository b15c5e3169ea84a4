import type { NodeId } from "./ids.ts";

/**
 * Why an actor ended, in OTP's vocabulary (reference `actors.md` §3.1).
 *
 * | kind | meaning | abnormal |
 * |---|---|---|
 * | `normal` | it finished | no |
 * | `shutdown` | it was asked to stop, or a supervisor gave up | no |
 * | `killed` | it was killed, without its consent | yes |
 * | `error` | it threw | yes |
 * | `noproc` | it was already gone, or never there | yes |
 * | `nodedown` | the thread it lived on ended | yes |
 */
export type ExitReason =
  | { readonly kind: "normal" }
  | { readonly kind: "shutdown"; readonly detail?: unknown }
  | { readonly kind: "killed" }
  | { readonly kind: "error"; readonly error: Error }
  | { readonly kind: "noproc" }
  | { readonly kind: "nodedown"; readonly node: NodeId; readonly cause?: Error };

export const NORMAL: ExitReason = Object.freeze({ kind: "normal" });
export const SHUTDOWN: ExitReason = Object.freeze({ kind: "shutdown" });
export const KILLED: ExitReason = Object.freeze({ kind: "killed" });
export const NOPROC: ExitReason = Object.freeze({ kind: "noproc" });

/** Whether `reason` is one that a `transient` child is restarted after. */
export function isAbnormal(reason: ExitReason): boolean {
  return reason.kind !== "normal" && reason.kind !== "shutdown";
}

/** The reason of an actor that threw `thrown`. A thrown value that is no Error is wrapped in one. */
export function errorReason(thrown: unknown): ExitReason {
  return { kind: "error", error: toError(thrown) };
}

/** `thrown` itself if it is an Error, otherwise an Error that names it. */
export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new Error(`A value that is no Error was thrown: ${String(thrown)}`, { cause: thrown });
}

/** One line for logs and messages: `error: disk is full`, `nodedown t3`, `shutdown`. */
export function describeReason(reason: ExitReason): string {
  switch (reason.kind) {
    case "error":
      return `error: ${reason.error.message}`;
    case "nodedown":
      return `nodedown ${reason.node}${reason.cause ? `: ${reason.cause.message}` : ""}`;
    case "shutdown":
      return reason.detail === undefined ? "shutdown" : `shutdown: ${String(reason.detail)}`;
    default:
      return reason.kind;
  }
}
