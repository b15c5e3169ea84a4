import type { ActorId, Clock, NodeId } from "../actor/mod.ts";
import { AskTimeoutError, DEFAULT_ASK_TIMEOUT, nodeOf, NoProcError } from "../actor/mod.ts";
import type { Home } from "../actor/refs.ts";
import { REGISTRY_NAME } from "./registry.ts";
import type { RegistryProtocol } from "./wire.ts";

/** What sends for the node itself. */
export type RegistryHome = Pick<Home, "ask" | "tell">;

type Method = keyof RegistryProtocol & string;
type Args<M extends Method> = Parameters<RegistryProtocol[M]>;
type Answer<M extends Method> = Awaited<ReturnType<RegistryProtocol[M]>>;

/** How a call of the registry goes on. */
export interface CallHandlers<M extends Method> {
  /** Is given the answer at once: whatever registry comes next, it has heard nothing from this node yet. */
  readonly take?: (answer: Answer<M>) => void;
  /** Why the call must not be made any more. */
  readonly obstacle?: () => Error | undefined;
}

/** The way to the registry, alive or coming: waits while there is none, and asks its successor when one dies. */
export class RegistryCalls {
  readonly #clock: Clock;
  readonly #home: RegistryHome;
  #registry: ActorId | undefined;
  #waiting: ((id: ActorId) => void)[] = [];

  constructor(clock: Clock, home: RegistryHome) {
    this.#clock = clock;
    this.#home = home;
  }

  /** The registry that is there, as far as is known. */
  get registry(): ActorId | undefined {
    return this.#registry;
  }

  /** A registry runs as `id`. `greet` is sent before anything that waited for it. */
  found<T>(id: ActorId, greet: () => T): T {
    this.#registry = id;
    const greeting = greet();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve(id);
    return greeting;
  }

  /** `node` is gone, the registry with it if that was there. */
  lost(node: NodeId): void {
    if (this.#registry !== undefined && nodeOf(this.#registry) === node) this.#registry = undefined;
  }

  /** Asks `registry` once. */
  async ask<M extends Method>(
    registry: ActorId,
    method: M,
    args: Args<M>,
    timeout: number = DEFAULT_ASK_TIMEOUT,
  ): Promise<Answer<M>> {
    return await this.#home.ask(registry, method, args, { timeout }) as Answer<M>;
  }

  /** Tells the registry, if there is one. */
  tell<M extends Method>(method: M, args: Args<M>): void {
    if (this.#registry !== undefined) this.#home.tell(this.#registry, method, args, {});
  }

  /**
   * Asks whichever registry is there, until one answers that still is when its answer is here.
   *
   * @throws AskTimeoutError after the ask timeout
   */
  async call<M extends Method>(
    method: M,
    args: Args<M>,
    { take, obstacle }: CallHandlers<M> = {},
  ): Promise<Answer<M>> {
    const deadline = this.#clock.now() + DEFAULT_ASK_TIMEOUT;
    for (;;) {
      const left = deadline - this.#clock.now();
      if (left <= 0) throw new AskTimeoutError(REGISTRY_NAME, method, DEFAULT_ASK_TIMEOUT);
      const registry = this.#registry ?? await this.#next(method, left);
      const why = obstacle?.();
      if (why !== undefined) throw why;
      try {
        const answer = await this.ask(registry, method, args, left);
        // Of what a registry said that is gone by now, its successor knows nothing. All methods may be repeated.
        if (this.#registry !== registry) continue;
        take?.(answer);
        return answer;
      } catch (error) {
        if (!(error instanceof NoProcError)) throw error;
        if (this.#registry === registry) this.#registry = undefined;
      }
    }
  }

  #next(method: string, left: number): Promise<ActorId> {
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimeout(() => {
        this.#waiting = this.#waiting.filter((waiter) => waiter !== found);
        reject(new AskTimeoutError(REGISTRY_NAME, method, DEFAULT_ASK_TIMEOUT));
      }, left);
      const found = (id: ActorId): void => {
        timer[Symbol.dispose]();
        resolve(id);
      };
      this.#waiting.push(found);
    });
  }
}
