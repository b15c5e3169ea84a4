import type { ActorId, Clock } from "../actor/mod.ts";
import { AskAbortedError, AskTimeoutError, StashFullError } from "../actor/mod.ts";
import type { Patience } from "../actor/host.ts";
import type { RegistryCalls } from "./calls.ts";
import { Lifetime } from "./lifetime.ts";
import { identity } from "./owned.ts";
import type { Watches } from "./watches.ts";
import type { JoinRecord, NameRecord } from "./wire.ts";

/** Messages of one node that wait for one name (Pekko's `RestartSupervisor`: reference `actors.md` §3.10). */
export const STASH_LIMIT = 1_000;

/** The group of those who expect that somebody will have `name` again. */
export function expectingGroup(name: string): string {
  return `troupe.expecting/${name}`;
}

/** A name that nobody has and that somebody expects back. */
interface Absence {
  /** Settles with whoever has it next; with nobody when it is not expected any more. */
  readonly end: Promise<ActorId | undefined>;
  waiting: number;
}

/**
 * Keeps messages of one node to a name while nobody has it, as long as a living actor expects it back: a child that is
 * being restarted. They go to its successor in the order in which they were sent.
 */
export class Stash {
  readonly #clock: Clock;
  readonly #calls: RegistryCalls;
  readonly #watches: Watches;
  readonly #absences = new Map<string, Absence>();
  readonly #lifetimes = new WeakMap<AbortSignal, Lifetime>();

  constructor(clock: Clock, calls: RegistryCalls, watches: Watches) {
    this.#clock = clock;
    this.#calls = calls;
    this.#watches = watches;
  }

  /** Whether messages for `name` wait already: none may overtake them. */
  has(name: string): boolean {
    return this.#absences.has(name);
  }

  /** Whether somebody expects `name`. */
  async expected(name: string): Promise<boolean> {
    if (this.#absences.has(name)) return true;
    return (await this.#calls.call("members", [expectingGroup(name)])).length > 0;
  }

  /**
   * Waits for whoever has `name` next, `stale` excepted.
   *
   * @throws StashFullError, AskTimeoutError, AskAbortedError
   */
  wait(
    name: string,
    stale: ActorId | undefined,
    { method, timeout, signal }: Patience,
    life: AbortSignal | undefined,
  ): Promise<ActorId | undefined> {
    const absence = this.#absences.get(name) ?? this.#open(name, stale);
    if (signal?.aborted || life?.aborted) {
      const why = signal?.aborted ? signal.reason : life?.reason;
      return Promise.reject(new AskAbortedError(name, method, why, "no"));
    }
    if (absence.waiting >= STASH_LIMIT) {
      return Promise.reject(new StashFullError(name, method, STASH_LIMIT));
    }
    const lifetime = life && this.#lifetimeOf(life);
    absence.waiting++;
    return new Promise((resolve, reject) => {
      const timer = timeout === Infinity ? undefined : this.#clock.setTimeout(() => {
        over();
        reject(new AskTimeoutError(name, method, timeout, "no"));
      }, timeout);
      const abort = (): void => {
        over();
        const why = signal?.aborted ? signal.reason : life?.reason;
        reject(new AskAbortedError(name, method, why, "no"));
      };
      const over = (): void => {
        absence.waiting--;
        timer?.[Symbol.dispose]();
        signal?.removeEventListener("abort", abort);
        lifetime?.delete(abort);
      };
      signal?.addEventListener("abort", abort);
      lifetime?.add(abort);
      absence.end.then((id) => {
        over();
        resolve(id);
      });
    });
  }

  #lifetimeOf(signal: AbortSignal): Lifetime {
    const known = this.#lifetimes.get(signal);
    if (known !== undefined) return known;
    const lifetime = new Lifetime(signal);
    this.#lifetimes.set(signal, lifetime);
    return lifetime;
  }

  #open(name: string, stale: ActorId | undefined): Absence {
    let settle!: (id: ActorId | undefined) => void;
    const end = new Promise<ActorId | undefined>((resolve) => (settle = resolve));
    const absence: Absence = { end, waiting: 0 };
    this.#absences.set(name, absence);
    const close = (id: ActorId | undefined): void => {
      names[Symbol.dispose]();
      expecting[Symbol.dispose]();
      settle(id);
      // What is sent until those that waited are on their way goes behind them.
      this.#clock.setTimeout(() => this.#absences.delete(name), 0);
    };
    const names = this.#watches.open<NameRecord>({ kind: "names", query: { name } }, {
      changed(changes) {
        const next = changes.find(({ type, item }) => type === "added" && item.id !== stale);
        if (next !== undefined) close(next.item.id);
      },
      synced() {},
    });
    const expectations = new Set<string>();
    let synced = false;
    const look = (): void => {
      if (synced && expectations.size === 0) close(undefined);
    };
    const expecting = this.#watches.open<JoinRecord>(
      { kind: "group", group: expectingGroup(name) },
      {
        changed(changes) {
          for (const { type, item } of changes) {
            if (type === "added") expectations.add(identity(item));
            else expectations.delete(identity(item));
          }
          look();
        },
        synced() {
          synced = true;
          look();
        },
      },
    );
    return absence;
  }
}
