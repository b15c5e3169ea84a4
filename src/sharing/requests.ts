import type { Outstanding } from "./endgame.ts";
import type { Member } from "./member.ts";

interface Request extends Outstanding {
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

/** The requests for chunks that are under way: one per chunk, two for some at the end. */
export class Requests {
  readonly #requests = new Set<Request>();
  readonly #byIndex = new Map<number, Set<Request>>();

  get size(): number {
    return this.#requests.size;
  }

  /** How many are under way for chunk `index`. */
  of(index: number): number {
    return this.#byIndex.get(index)?.size ?? 0;
  }

  /** The chunks that one holder alone is asked for. */
  *alone(): Iterable<Outstanding> {
    for (const request of this.#requests) if (this.of(request.index) === 1) yield request;
  }

  /**
   * Runs `work`, which never rejects, and forgets the request after it.
   *
   * @param member whose end ends the request
   */
  add(
    index: number,
    member: Member,
    since: number,
    work: (signal: AbortSignal) => Promise<void>,
  ): void {
    const controller = new AbortController();
    const end = member.onEnd((why) => controller.abort(why));
    const done = Promise.resolve().then(() => work(controller.signal))
      .finally(() => end[Symbol.dispose]());
    const request: Request = { index, holder: member.id, since, controller, done };
    this.#requests.add(request);
    const same = this.#byIndex.get(index);
    if (same === undefined) this.#byIndex.set(index, new Set([request]));
    else same.add(request);
  }

  /** The request that `signal` belongs to is over. */
  remove(index: number, signal: AbortSignal): void {
    const same = this.#byIndex.get(index);
    for (const request of same ?? []) {
      if (request.controller.signal !== signal) continue;
      this.#requests.delete(request);
      same!.delete(request);
    }
    if (same?.size === 0) this.#byIndex.delete(index);
  }

  /** Ends the requests for `index`, all but the one that `winner` belongs to. */
  abandon(index: number, winner: AbortSignal, why: unknown): void {
    for (const { controller } of this.#byIndex.get(index) ?? []) {
      if (controller.signal !== winner) controller.abort(why);
    }
  }

  /** Settles when those that are under way now are over. */
  async settled(): Promise<void> {
    await Promise.all([...this.#requests].map(({ done }) => done));
  }
}
