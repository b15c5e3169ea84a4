import { InvalidOptionError, Refusal, reviveError } from "../actor/mod.ts";

/** `startChild`: a child of that id runs, or the child's name belongs to another actor (§3.7, U10). */
export class ChildAlreadyStartedError extends Refusal {
  readonly code = "already_started";
  /** The id of the actor that runs. */
  readonly owner: string;

  constructor(id: string, owner: string) {
    super(`Child "${id}" was not started: ${owner} is running already`);
    this.owner = owner;
  }
}

/** `startChild`: there is a child of that id, but it does not run; `restartChild` starts it (§3.7). */
export class ChildAlreadyPresentError extends Refusal {
  readonly code = "already_present";

  constructor(id: string) {
    super(`Child "${id}" is there but not running; restart it, or delete it first`);
  }
}

/** `restartChild`, `deleteChild`: the child runs; terminate it first (§3.7). */
export class ChildRunningError extends Refusal {
  readonly code = "running";

  constructor(id: string) {
    super(`Child "${id}" is running; terminate it first`);
  }
}

/** `restartChild`, `deleteChild`: the child is being restarted; terminate it first (§3.7). */
export class ChildRestartingError extends Refusal {
  readonly code = "restarting";

  constructor(id: string) {
    super(`Child "${id}" is being restarted; terminate it first`);
  }
}

/** There is no child of that id, or the ref is of no child. */
export class ChildNotFoundError extends Refusal {
  readonly code = "not_found";

  constructor(child: string) {
    super(`There is no child "${child}"`);
  }
}

/** A child's `init` failed; `cause` says how. Also why a supervisor did not start (T5: `failed_to_start_child`). */
export class ChildStartError extends Refusal {
  readonly code = "start_failed";
  /** The child's id; undefined for a child of a dynamic supervisor. */
  readonly id: string | undefined;

  constructor(id: string | undefined, cause: Error) {
    super(`${id === undefined ? "A child" : `Child "${id}"`} did not start: ${cause.message}`, {
      cause,
    });
    this.id = id;
  }
}

/** `startChild`: the dynamic supervisor has `maxChildren` children, those that are being restarted included. */
export class MaxChildrenError extends Refusal {
  readonly code = "max_children";

  constructor(maxChildren: number) {
    super(`There are ${maxChildren} children already, which is the value of maxChildren`);
  }
}

/** `startChild`: the spec is not valid; the message names field and value. */
export class InvalidChildError extends Refusal {
  readonly code = "invalid_child";

  constructor(cause: InvalidOptionError) {
    super(`The child was not started: ${cause.message}`, { cause });
  }
}

/** The request is not one for a dynamic supervisor, whose children have no ids (OTP: `{error, simple_one_for_one}`). */
export class DynamicSupervisorError extends Refusal {
  readonly code = "simple_one_for_one";

  constructor(request: string) {
    super(`${request} needs a child's id, and children of a dynamic supervisor have none`);
  }
}

/** Every error class of this folder, for the codec. */
// deno-lint-ignore no-explicit-any
export const supervisionErrors: readonly (abstract new (...args: any[]) => Refusal)[] = [
  ChildAlreadyStartedError,
  ChildAlreadyPresentError,
  ChildRunningError,
  ChildRestartingError,
  ChildNotFoundError,
  ChildStartError,
  MaxChildrenError,
  InvalidChildError,
  DynamicSupervisorError,
];

reviveError(...supervisionErrors);
