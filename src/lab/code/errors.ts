import { TroupeError } from "../../actor/mod.ts";

/** What a scenario waited for never happened: its run decides nothing. */
export class NeverHappenedError extends TroupeError {
  readonly code = "never_happened";

  constructor(what: string, within: number, options?: ErrorOptions) {
    super(`${what} did not happen within ${within} ms`, options);
  }
}

/** What had to come about did not: the run fails. */
export class DemandError extends TroupeError {
  readonly code = "demand";
}
