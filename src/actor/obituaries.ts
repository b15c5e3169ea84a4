import type { ExitReason } from "./exit_reason.ts";
import type { ActorId } from "./ids.ts";

/** How many deaths are remembered; older ones are found out again by asking. */
const REMEMBERED = 1_024;

/** How actors ended that this node heard of lately. */
export class Obituaries {
  readonly #reasons = new Map<ActorId, ExitReason>();

  get(id: ActorId): ExitReason | undefined {
    return this.#reasons.get(id);
  }

  set(id: ActorId, reason: ExitReason): void {
    this.#reasons.set(id, reason);
    if (this.#reasons.size <= REMEMBERED) return;
    for (const oldest of this.#reasons.keys()) {
      this.#reasons.delete(oldest);
      break;
    }
  }
}
