import { TroupeError } from "../../actor/mod.ts";

/** A schedule asks for what the runtime cannot do. Nothing was started, or all of it has ended. */
export class RefusedFaultError extends TroupeError {
  readonly code = "refused_fault";
  /** Of each fault that was refused: its id, its verb, and why. */
  readonly refusals: readonly {
    readonly id: string;
    readonly verb: string;
    readonly why: string;
  }[];

  constructor(mode: string, refusals: RefusedFaultError["refusals"]) {
    const list = refusals.map(({ id, verb, why }) => `${id} (${verb}): ${why}`).join("; ");
    super(`--${mode} cannot run this scenario: ${list}`);
    this.refusals = refusals;
  }
}

/** A fault that nobody could be found for, or that could not be carried out. */
export class FaultError extends TroupeError {
  readonly code = "fault";
}
