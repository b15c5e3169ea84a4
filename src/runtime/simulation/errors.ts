import { TroupeError } from "../../actor/mod.ts";

/** Nothing is left to happen, and what was waited for has not. Says what every actor waits for. */
export class StalledError extends TroupeError {
  readonly code = "stalled";
  /** What was waited for. */
  readonly waitedFor: string;
  /** Virtual milliseconds since the world began. */
  readonly at: number;
  /** One line per thing that waits, as `counter (t1/1) waits in "add"`. */
  readonly waits: readonly string[];

  constructor(waitedFor: string, at: number, waits: readonly string[]) {
    const list = waits.length === 0 ? "" : `:\n  ${waits.join("\n  ")}`;
    super(`Nothing is left to happen at ${at} ms, and ${waitedFor} has not${list}`);
    this.waitedFor = waitedFor;
    this.at = at;
    this.waits = waits;
  }
}

/** A condition did not hold in the virtual time that it was given. */
export class NotReachedError extends TroupeError {
  readonly code = "not_reached";
  /** Virtual milliseconds that it was given. */
  readonly within: number;
  readonly waits: readonly string[];

  constructor(what: string, within: number, waits: readonly string[]) {
    const list = waits.length === 0 ? "" : `:\n  ${waits.join("\n  ")}`;
    super(`${what} did not come true within ${within} virtual ms${list}`);
    this.within = within;
    this.waits = waits;
  }
}

/** So much happened without time passing that it may never end, as two actors that answer each other at once. */
export class LivelockError extends TroupeError {
  readonly code = "livelock";
  /** Events in one instant. */
  readonly events: number;

  constructor(at: number, events: number) {
    super(`${events} events happened at ${at} ms, and time does not pass`);
    this.events = events;
  }
}
