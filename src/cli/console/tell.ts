import { codeOf, errorText } from "../errors.ts";
import type { Session } from "./session.ts";

/** Tells the person about `error`, and what may help. */
export function tell(session: Session, error: unknown): void {
  const hint = session.hintFor(error);
  // That nobody answers is plain where a peer is down.
  const message = codeOf(error) === "noproc" && hint !== undefined ? [] : [errorText(error)];
  session.complain([...message, ...(hint === undefined ? [] : [hint])].join("\n  "));
  // An error without a code is none that anybody expected.
  if (error instanceof Error && codeOf(error) === undefined) session.complain(error.stack ?? "");
}
