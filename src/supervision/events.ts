import type { ActorId, AnyRef, ExitReason, SpawnOptions } from "../actor/mod.ts";
import type { AnyChildSpec } from "./spec.ts";

/** What a request names a child by: its id, or the id of its ref. */
export type Designator = { readonly id: string } | { readonly actor: ActorId };

/** A request to the supervisor, as it came in. */
export type Call =
  | { readonly kind: "start_child"; readonly spec: AnyChildSpec }
  | { readonly kind: "start_dynamic"; readonly args: unknown; readonly options: SpawnOptions }
  | { readonly kind: "terminate_child"; readonly child: Designator }
  | { readonly kind: "restart_child"; readonly child: Designator }
  | { readonly kind: "delete_child"; readonly child: Designator }
  | { readonly kind: "get_child_spec"; readonly child: Designator }
  | { readonly kind: "which_children" }
  | { readonly kind: "count_children" };

/** All that can happen to a supervisor. The core handles one at a time; those that cannot be handled yet wait in it. */
export type Event =
  /** Start the static children. The first event, exactly once. */
  | { readonly kind: "start" }
  /** The actor of effect `start` is up. `info` is what it gave besides (case 16). */
  | {
    readonly kind: "started";
    readonly token: number;
    readonly ref: AnyRef;
    readonly info?: unknown;
  }
  | { readonly kind: "start_failed"; readonly token: number; readonly error: Error }
  /** Its `init` returned `ignore`. */
  | { readonly kind: "start_ignored"; readonly token: number }
  /** A monitored actor ended. May come for any actor, at any time, also twice. */
  | { readonly kind: "exited"; readonly actor: ActorId; readonly reason: ExitReason }
  /** The actor of effect `stop` ended. */
  | { readonly kind: "stopped"; readonly actor: ActorId; readonly reason: ExitReason }
  /** Effect `try_again` came round through the mailbox. */
  | { readonly kind: "try_again"; readonly key: string; readonly token: number }
  /** The time of effect `backoff` is over. */
  | { readonly kind: "backoff_elapsed"; readonly key: string; readonly token: number }
  | { readonly kind: "request"; readonly request: number; readonly call: Call }
  /** The supervisor itself is to end. */
  | { readonly kind: "shutdown"; readonly reason: ExitReason };
