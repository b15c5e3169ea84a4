import { decode, encode } from "./codec.ts";
import type { ExitReason } from "./exit_reason.ts";
import { toError } from "./exit_reason.ts";
import type { Home } from "./refs.ts";

/** A reason as it stands in an envelope. */
export interface EncodedReason {
  readonly reason: unknown;
  readonly coded?: true;
}

/** A reason whose content does not cross a thread is told without it. */
export function encodeReason(reason: ExitReason): EncodedReason {
  try {
    return encodeOwnReason(reason);
  } catch (error) {
    return encodeOwnReason({ kind: reason.kind, detail: toError(error).message } as ExitReason);
  }
}

/** The same for a reason that somebody gives and is there to hear what is wrong with it. @throws NotCloneableError */
export function encodeOwnReason(reason: ExitReason): EncodedReason {
  const { value, coded } = encode(reason, "reason");
  return { reason: value, ...(coded && { coded }) };
}

export function decodeReason(encoded: EncodedReason, home: Home): ExitReason {
  return decode({ value: encoded.reason, coded: encoded.coded === true }, home) as ExitReason;
}
