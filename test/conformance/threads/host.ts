import type { ActorRef, ActorSystem, SystemOptions } from "../../../src/actor.ts";
import { createSystem } from "../../../src/actor.ts";
import type { EventuallyOptions, NotYet } from "../../support/eventually.ts";
import { eventually as inRealTime } from "../../support/eventually.ts";
import type { SpinnerProtocol } from "./fixtures/spinner.ts";

/** What the cases run on: real threads, unless the file that imports them says otherwise with {@linkcode runOn}. */
export interface CaseHost {
  createSystem(options: SystemOptions): Promise<ActorSystem>;
  /** Waits, in the time of `system`, until `probe` answers something. */
  eventually<T>(
    what: string,
    probe: () => T | Promise<T>,
    options: EventuallyOptions,
  ): Promise<Exclude<T, NotYet>>;
  /** Ends the thread of `ref` as `process.exit` in it does. */
  exitThread(system: ActorSystem, ref: ActorRef<{ exitThread(code: number): void }>): void;
  /** Keeps the thread of `ref` busy, in its method `spin`. */
  spin(system: ActorSystem, ref: ActorRef<SpinnerProtocol>): void;
  /** Why a case that is about real threads alone cannot run here; false: it can. */
  skip(thing: Unsimulated): string | false;
}

/** What only real threads have. */
export type Unsimulated = "a module that does not yield at import";

const threads: CaseHost = {
  createSystem,
  eventually: inRealTime,
  exitThread: (_system, ref) => ref.tell.exitThread(0),
  // Deno stops no loop that does not yield: this one ends by itself.
  spin: (_system, ref) => ref.tell.spin(4_000),
  skip: () => false,
};

let host = threads;

/** Lets the cases that are imported from now on run on `other`. */
export function runOn(other: CaseHost): void {
  host = other;
}

/** What the cases run on. */
export function caseHost(): CaseHost {
  return host;
}

export function eventually<T>(
  what: string,
  probe: () => T | Promise<T>,
  options: EventuallyOptions = {},
): Promise<Exclude<T, NotYet>> {
  return host.eventually(what, probe, options);
}
