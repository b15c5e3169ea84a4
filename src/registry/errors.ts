import { Refusal, reviveError } from "../actor/mod.ts";

/** The registry was sent something that is no request of its protocol; the message names the field and the value. */
export class BadRegistryRequestError extends Refusal {
  readonly code = "bad_registry_request";
}
reviveError(BadRegistryRequestError);
