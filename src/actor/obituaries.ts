import { epitaph } from "./epitaph.ts";
import type { ExitReason } from "./exit_reason.ts";

/** How many deaths are remembered; older ones are found out again by asking. */
const REMEMBERED = 1_024;

/** How those ended that were heard of lately: actors, or nodes. */
export class Obituaries<Id extends string> {
  readonly #reasons = new Map<Id, ExitReason>();

  get(id: Id): ExitReason | undefined {
    return this.#reasons.get(id);
  }

  has(id: Id): boolean {
    return this.#reasons.has(id);
  }

  set(id: Id, reason: ExitReason): void {
    this.#reasons.set(id, epitaph(reason));
    if (this.#reasons.size <= REMEMBERED) return;
    for (const oldest of this.#reasons.keys()) {
      this.#reasons.delete(oldest);
      break;
    }
  }
}
