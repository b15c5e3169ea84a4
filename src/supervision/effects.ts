import type { AnyRef, ExitReason, Refusal } from "../actor/mod.ts";
import type { ChildType, CompleteSpec, Restart, Shutdown } from "./spec.ts";

/** A child as `whichChildren` lists it. */
export interface ChildInfo {
  /** Undefined for a child of a dynamic supervisor. */
  readonly id: string | undefined;
  /** Undefined: it does not run, and nobody restarts it. */
  readonly ref: AnyRef | "restarting" | undefined;
  readonly type: ChildType;
  /** How often it was restarted automatically. */
  readonly restarts: number;
}

/** What `countChildren` counts. A dynamic supervisor has one spec. */
export interface ChildCounts {
  readonly specs: number;
  /** Children that run; those that are being restarted do not. */
  readonly active: number;
  readonly supervisors: number;
  readonly workers: number;
}

/** A child's spec as `getChildSpec` gives it: with defaults, without the code. */
export interface ChildSpecInfo {
  readonly id: string;
  readonly restart: Restart;
  readonly shutdown: Shutdown;
  readonly significant: boolean;
  readonly type: ChildType;
  readonly name: string | undefined;
}

/** What is said of a start by request: no ref if the child's `init` returned `ignore`. */
export interface StartResult {
  readonly ref: AnyRef | undefined;
  readonly info: unknown;
}

/** The answer to a request. */
export type Answer =
  | {
    readonly ok: true;
    readonly value: StartResult | readonly ChildInfo[] | ChildCounts | ChildSpecInfo | undefined;
  }
  | { readonly ok: false; readonly error: Refusal };

/** News for those who watch the system; each becomes an event `supervisor.<kind>`. */
export type Report =
  /** A child ended as it should not (OTP's `child_terminated`). */
  | { readonly kind: "child_failed"; readonly id: string; readonly reason: ExitReason }
  /** The supervisor restarts because of `id`. `attempt` is what counts toward intensity now, `delay` milliseconds. */
  | {
    readonly kind: "restart";
    readonly id: string;
    readonly attempt: number;
    readonly delay: number;
    readonly reason: ExitReason | undefined;
  }
  /** A child did not start (OTP's `start_error`). */
  | { readonly kind: "start_failed"; readonly id: string; readonly error: Error }
  /** A child that was asked to stop ended otherwise (OTP's `shutdown_error`, T24). */
  | { readonly kind: "shutdown_error"; readonly id: string; readonly reason: ExitReason }
  /** Too many restarts (OTP's `reached_max_restart_intensity`). `why` is the limit that was exceeded. */
  | {
    readonly kind: "gave_up";
    readonly id: string;
    readonly why: "intensity" | "max_restarts";
    readonly intensity: number;
    readonly periodMs: number;
  }
  /** A significant child ended (§3.9). */
  | { readonly kind: "auto_shutdown"; readonly id: string };

/** What the supervisor is to do. The core has decided it and waits, where there is something to wait for, for an event. */
export type Effect =
  /** Spawn; then event `started`, `start_failed` or `start_ignored` with this token. */
  | { readonly kind: "start"; readonly token: number; readonly spec: CompleteSpec }
  /** Ask to stop with `reason`, kill after `timeout`; then event `stopped`. `brutal_kill`: kill at once. */
  | {
    readonly kind: "stop";
    readonly ref: AnyRef;
    readonly reason: ExitReason;
    readonly timeout: Shutdown;
  }
  /** Send event `try_again` through the supervisor's own mailbox, behind what waits there (§3.7). */
  | { readonly kind: "try_again"; readonly key: string; readonly token: number }
  /** Event `backoff_elapsed` after `ms` milliseconds. */
  | { readonly kind: "backoff"; readonly key: string; readonly token: number; readonly ms: number }
  /** That event is not wanted any more; it is ignored if it comes all the same. */
  | { readonly kind: "cancel_backoff"; readonly token: number }
  /** Names of children to be expected back from now on, and others that are not any more. */
  | {
    readonly kind: "expect";
    readonly added: readonly string[];
    readonly gone: readonly string[];
  }
  | { readonly kind: "reply"; readonly request: number; readonly answer: Answer }
  | { readonly kind: "report"; readonly report: Report }
  /** All static children are up. */
  | { readonly kind: "up" }
  /** All children are gone: end with `reason`. Its `detail` is a ChildStartError if the static children did not start. */
  | { readonly kind: "exit"; readonly reason: ExitReason };
