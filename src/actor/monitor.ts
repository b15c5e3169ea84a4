import type { ExitReason } from "./exit_reason.ts";
import type { AnyRef } from "./ref.ts";

/** The news that an actor ended. Comes after every message that it sent before, and after its names are free. */
export interface Down {
  readonly ref: AnyRef;
  readonly reason: ExitReason;
}

/** Disposed, it will not call any more, not even for a death that has happened (OTP: demonitor with flush). */
export interface Monitor extends Disposable {
  readonly ref: AnyRef;
}
