import type { Clock, NodeId } from "../../actor/mod.ts";
import { TooManyZombiesError } from "./errors.ts";
import type { OwnedThread } from "./ground.ts";

/** Milliseconds that an ended thread may take to be gone. Deno's need up to 2.2 s where all cores are busy (`platform.md` §1). */
const PATIENCE = 3_000;

/** What {@linkcode Morgue} tells. */
export interface MorgueEvents {
  /** The thread was ended and runs on: it is a zombie now. */
  stuck(node: NodeId, sinceMs: number): void;
  /** A zombie is gone after all. */
  gone(node: NodeId, afterMs: number): void;
}

/** A thread that was ended and is not gone. */
interface Dead {
  readonly thread: OwnedThread;
  readonly endedAt: number;
  readonly settled: Promise<void>;
  zombie: boolean;
}

/** The threads that were ended, until they are gone. Those that do not go are zombies: counted, shown, and limited. */
export class Morgue {
  readonly #clock: Clock;
  readonly #maxZombies: number;
  readonly #events: MorgueEvents;
  readonly #dead = new Set<Dead>();

  constructor(clock: Clock, maxZombies: number, events: MorgueEvents) {
    this.#clock = clock;
    this.#maxZombies = maxZombies;
    this.#events = events;
  }

  /** Takes a thread that was just ended. */
  add(thread: OwnedThread): void {
    const endedAt = this.#clock.now();
    const since = (): number => this.#clock.now() - endedAt;
    let settle!: () => void;
    const settled = new Promise<void>((resolve) => (settle = resolve));
    const dead: Dead = { thread, endedAt, settled, zombie: false };
    this.#dead.add(dead);
    const timer = this.#clock.setTimeout(() => {
      dead.zombie = true;
      this.#events.stuck(thread.node, since());
      settle();
    }, PATIENCE);
    void thread.gone.then(() => {
      timer[Symbol.dispose]();
      this.#dead.delete(dead);
      if (dead.zombie) this.#events.gone(thread.node, since());
      settle();
    });
  }

  get zombies(): readonly { readonly thread: OwnedThread; readonly endedAt: number }[] {
    return [...this.#dead].filter(({ zombie }) => zombie);
  }

  /** @throws TooManyZombiesError if no other thread may be started */
  admit(): void {
    const { zombies } = this;
    if (zombies.length < this.#maxZombies) return;
    throw new TooManyZombiesError(zombies.map(({ thread }) => thread.node), this.#maxZombies);
  }

  /** Settles when each thread is gone, or known to be a zombie. */
  async settled(): Promise<void> {
    await Promise.all([...this.#dead].map((dead) => dead.settled));
  }
}
