import type {
  ActorDefinition,
  ActorRef,
  Protocol,
  Registry,
  SpawnOptions,
} from "../../actor/mod.ts";
import { TroupeError } from "../../actor/mod.ts";
import type { SystemInfo } from "../threads/inspect.ts";
import type { SimulatedSystem, SimulationOptions, WorldControls } from "./api.ts";
import { createSimulatedSystem } from "./system.ts";

/** A world for tests of actors: what a simulated system offers, the most used at hand. */
export interface TestWorld extends AsyncDisposable {
  readonly system: SimulatedSystem;
  /** Time, faults, disks, links. */
  readonly world: WorldControls;
  readonly registry: Registry;
  /** What determines everything that is drawn. */
  readonly seed: string;
  /** Virtual milliseconds since the world began. */
  readonly now: number;
  /** Starts an actor, in a simulated thread of its own unless told otherwise. @throws StartFailedError */
  spawn<A, P extends Protocol>(
    definition: ActorDefinition<A, P>,
    ...rest: undefined extends A ? [args?: A, options?: SpawnOptions]
      : [args: A, options?: SpawnOptions]
  ): Promise<ActorRef<P>>;
  /** Lets `ms` virtual milliseconds pass. */
  advance(ms: number): Promise<void>;
  /** Lets time pass until `holds`. @throws NotReachedError, StalledError */
  until(what: string, holds: () => boolean, options?: { readonly within?: number }): Promise<void>;
  /** All actors with their mailboxes and what they do now. */
  inspect(): Promise<SystemInfo>;
}

/**
 * Makes a world of virtual time for actors under test. The same seed gives the same run; `await using` ends it.
 *
 * @example
 * ```ts
 * import { actor } from "troupe/actor";
 * import { simulate } from "troupe/testing";
 * const counter = actor(() => {
 *   let n = 0;
 *   return { add: (by: number) => n += by };
 * });
 * await using world = await simulate({ seed: 1 });
 * const ref = await world.spawn(counter);
 * ref.tell.add(2);
 * await world.advance(60_000); // a minute, at once
 * console.log(await ref.ask.add(0)); // 2
 * ```
 */
export async function simulate(options: SimulationOptions = {}): Promise<TestWorld> {
  const system = await createSimulatedSystem(options);
  const { world, registry, seed } = system;
  return {
    system,
    world,
    registry,
    seed,
    get now() {
      return world.now;
    },
    spawn: (definition, ...[args, spawning]) =>
      system.spawn(definition, args as never, { placement: "thread", ...spawning }),
    advance: (ms) => world.advance(ms),
    until: (what, holds, within) => world.until(what, holds, within),
    inspect: () => system.inspect(),
    [Symbol.asyncDispose]: () => system[Symbol.asyncDispose](),
  };
}

/** A test failed in the world of one seed; `cause` is what it threw. */
export class SeedFailedError extends TroupeError {
  readonly code = "seed_failed";
  readonly seed: number;

  constructor(seed: number, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`Seed ${seed} fails: ${why}\nReplay it with simulate({ seed: ${seed} })`, { cause });
    this.seed = seed;
  }
}

/**
 * Runs `test` in a new world for each of the seeds 1 to `count`.
 *
 * @throws SeedFailedError for the first seed in whose world `test` throws
 *
 * @example
 * ```ts
 * import { everySeed } from "troupe/testing";
 * await everySeed(100, async (world) => {
 *   await world.advance(1_000);
 * });
 * ```
 */
export async function everySeed(
  count: number,
  test: (world: TestWorld) => Promise<void>,
  options: Omit<SimulationOptions, "seed"> = {},
): Promise<void> {
  for (let seed = 1; seed <= count; seed++) {
    try {
      await using world = await simulate({ ...options, seed });
      await test(world);
    } catch (error) {
      throw new SeedFailedError(seed, error);
    }
  }
}
