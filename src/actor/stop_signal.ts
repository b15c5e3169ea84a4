import type { ExitReason } from "./exit_reason.ts";

/** Thrown by `ctx.stop` to leave the running method. */
export class StopSignal {
  readonly reason: ExitReason;

  constructor(reason: ExitReason) {
    this.reason = reason;
  }
}
