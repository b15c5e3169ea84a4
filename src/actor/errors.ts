import type { ExitReason } from "./exit_reason.ts";
import { describeReason } from "./exit_reason.ts";

/** Whether the callee may have seen a request. `no` is safe to send again. */
export type Delivered = "no" | "maybe" | "yes";

/** The base of every error that troupe throws: a class with a stable `code`. */
export abstract class TroupeError extends Error {
  /** Stable and lower-case, for programs to test; the message is for people. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/**
 * An answer that is an error. Thrown by a method, it reaches the caller and the actor lives on; any other
 * error thrown by a method ends its actor (OTP: a server that crashes in a call). Extend it for the "no" of
 * a protocol of your own, and name the class to the codec with {@linkcode reviveError} so that callers on
 * other threads see the same class.
 *
 * @example
 * ```ts
 * import { actor, Refusal } from "troupe/actor";
 * class OutOfStock extends Refusal { readonly code = "out_of_stock"; }
 * const shop = actor(() => ({ buy() { throw new OutOfStock("No apples are left"); } }));
 * ```
 */
export abstract class Refusal extends TroupeError {}

/** The base of the errors of asks, spawns and names. */
export abstract class ActorError extends TroupeError {
  /** Whether the callee may have seen the request. */
  readonly delivered: Delivered;

  constructor(message: string, delivered: Delivered, options?: ErrorOptions) {
    super(message, options);
    this.delivered = delivered;
  }
}

/** The target is gone, was never there, or ended before it replied. */
export class NoProcError extends ActorError {
  readonly code = "noproc";
  /** How the target ended, as far as is known here. */
  readonly reason: ExitReason;

  constructor(target: string, method: string, reason: ExitReason, delivered: Delivered) {
    super(
      `${target} is gone (${describeReason(reason)}): "${method}" got no reply`,
      delivered,
      reason.kind === "error" ? { cause: reason.error } : undefined,
    );
    this.reason = reason;
  }
}

/** No reply came in time. `delivered` is `no` where the request was still waiting for room at the target. */
export class AskTimeoutError extends ActorError {
  readonly code = "timeout";

  constructor(target: string, method: string, timeout: number, delivered: Delivered = "maybe") {
    super(
      delivered === "no"
        ? `${target} had no room for "${method}" within ${timeout} ms`
        : `${target} sent no reply to "${method}" within ${timeout} ms`,
      delivered,
    );
  }
}

/** The caller's signal was aborted, or the caller itself ended while it waited. */
export class AskAbortedError extends ActorError {
  readonly code = "aborted";

  constructor(target: string, method: string, why: unknown, delivered: Delivered) {
    super(
      `"${method}" of ${target} was aborted: ${why instanceof Error ? why.message : String(why)}`,
      delivered,
      { cause: why },
    );
  }
}

/** The target's mailbox is full. */
export class MailboxFullError extends ActorError {
  readonly code = "mailbox_full";

  constructor(target: string, method: string, capacity: number) {
    super(`The mailbox of ${target} holds ${capacity} messages: "${method}" was refused`, "no");
  }
}

/** Too many messages wait for a name to come back. */
export class StashFullError extends ActorError {
  readonly code = "stash_full";

  constructor(name: string, method: string, limit: number) {
    super(`${limit} messages wait for "${name}" to come back: "${method}" was refused`, "no");
  }
}

/** An actor asked itself; it would wait for itself for ever. */
export class CallingSelfError extends ActorError {
  readonly code = "calling_self";

  constructor(target: string, method: string) {
    super(`${target} asked itself "${method}"; call the function, or tell`, "no");
  }
}

/** The request came back to an actor that waits for it: A asks B asks A. */
export class DeadlockError extends ActorError {
  readonly code = "deadlock";
  /** The actors that wait for one another, in order of asking. */
  readonly chain: readonly string[];

  constructor(target: string, method: string, chain: readonly string[]) {
    super(
      `"${method}" would wait for ever: ${[...chain, target].join(" asks ")}, which waits itself`,
      "no",
    );
    this.chain = chain;
  }
}

/** The actor has no method of that name. */
export class NoSuchMethodError extends ActorError {
  readonly code = "no_such_method";

  constructor(target: string, method: string, known: readonly string[]) {
    super(`${target} has no method "${method}"; it has ${known.join(", ") || "none"}`, "no");
  }
}

/** The name is taken. */
export class AlreadyRegisteredError extends ActorError {
  readonly code = "already_registered";
  /** The id of the actor that has the name. */
  readonly owner: string;

  constructor(name: string, owner: string) {
    super(`The name "${name}" belongs to ${owner}`, "no");
    this.owner = owner;
  }
}

/** An actor could not be started; `cause` says why. */
export class StartFailedError extends ActorError {
  readonly code = "start_failed";

  constructor(what: string, cause: unknown) {
    super(
      `${what} did not start: ${cause instanceof Error ? cause.message : String(cause)}`,
      "no",
      { cause },
    );
  }
}

/** `init` returned `ignore`: there is nothing to run, and that is no failure. */
export class StartIgnoredError extends ActorError {
  readonly code = "ignored";

  constructor(what: string) {
    super(`${what} has nothing to run: its init returned ignore`, "no");
  }
}

/** A value in a message does not cross a thread; the message says where it sits. */
export class NotCloneableError extends ActorError {
  readonly code = "not_cloneable";

  constructor(where: string, what: string, options?: ErrorOptions) {
    super(`${where} is ${what}, which does not cross a thread`, "no", options);
  }
}

/** A bad argument or option. The message names the field, the value and what was expected. */
export class InvalidOptionError extends TroupeError {
  readonly code = "invalid_option";

  constructor(field: string, value: unknown, expected: string) {
    super(`${field} is ${show(value)}, expected ${expected}`);
  }
}

/** The system was shut down, or a feature of it that was needed is gone. */
export class SystemClosedError extends TroupeError {
  readonly code = "system_closed";
}

/** `value` as a person would write it, cut at 80 characters. */
export function show(value: unknown): string {
  let text: string | undefined;
  try {
    text = typeof value === "string"
      ? JSON.stringify(value)
      : JSON.stringify(value) ?? String(value);
  } catch {
    text = Object.prototype.toString.call(value);
  }
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
