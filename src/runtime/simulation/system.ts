import { randomBytes } from "node:crypto";
import type {
  ActorDefinition,
  ActorRef,
  AnyRef,
  Down,
  ExitReason,
  NodeId,
  Protocol,
  Registry,
  SpawnOptions,
  SystemEvent,
} from "../../actor/mod.ts";
import { REGISTRY_NAME } from "../../registry/mod.ts";
import { threadHashing } from "../threads/hashing.ts";
import type { SystemInfo } from "../threads/inspect.ts";
import { HostedSystem } from "../threads/system.ts";
import type { SystemOptions } from "../threads/system_api.ts";
import type { SimulatedSystem, SimulationOptions, WorldControls } from "./api.ts";
import type { DiskRules } from "./disk_faults.ts";
import { uniform } from "./latency.ts";
import { Modules } from "./modules.ts";
import { registryThatWaits } from "./outside.ts";
import { SimulationBase } from "./simulation_base.ts";
import { actLine, eventLine, happeningLine } from "./trace_line.ts";
import { Universe } from "./universe.ts";
import { waitsOf } from "./waits.ts";
import { Occurrence } from "./world_event.ts";
import { World } from "./world.ts";
import { Hands } from "./world_controls.ts";

const DISK: DiskRules = {
  latency: uniform(0.1, 1),
  slow: 1,
  failing: 0,
  full: false,
  readOnly: false,
  capacity: 2 ** 40,
};

/**
 * Starts a system whose threads are simulated: the same actors, supervisors and registry as on threads, in this thread, under
 * virtual time. See docs/simulation.md.
 *
 * @throws InvalidOptionError naming the option and its value
 * @throws StartFailedError if the registry or `root` does not start
 *
 * @example
 * ```ts
 * import { actor, createSystem } from "troupe";
 * const counter = actor(() => {
 *   let n = 0;
 *   return { add: (by: number) => n += by };
 * });
 * await using system = await createSystem({ runtime: "simulation", seed: 1 });
 * const ref = await system.spawn(counter, undefined, { placement: "thread", name: "counter" });
 * ref.tell.add(2);
 * await system.world.advance(1_000); // takes no time
 * console.log(await ref.ask.add(0)); // 2
 * ```
 */
export function createSimulatedSystem(
  options: SimulationOptions = {},
): Promise<SimulatedSystem> {
  const { root, threads, onEvent, liveness, ...world } = options;
  return new SimulatedWorld(world).createSystem({
    ...(root && { root }),
    ...(threads && { threads }),
    ...(onEvent && { onEvent }),
    ...(liveness && { liveness }),
  });
}

/** A world in which nothing is yet: its disks can be written to before the system starts. */
export class SimulatedWorld {
  readonly controls: WorldControls;
  readonly #seed: string;
  readonly #world: World;
  readonly #base: SimulationBase;
  readonly #onTrace: SimulationOptions["onTrace"];
  #terminate: (node: NodeId) => void = () => {};

  constructor(
    { onTrace, latency, startLatency, disk, seed }: Pick<
      SimulationOptions,
      "onTrace" | "latency" | "startLatency" | "disk" | "seed"
    >,
  ) {
    const world: World = new World({
      waits: () => waitsOf(universe.machines),
      ...(onTrace && { happens: (at, event) => onTrace(happeningLine(at, event)) }),
    });
    this.#world = world;
    this.#onTrace = onTrace;
    this.#seed = String(seed ?? randomBytes(4).readUInt32BE());
    const modules = new Modules(world);
    const universe: Universe = new Universe(
      world,
      {
        seed: this.#seed,
        latency: latency ?? uniform(0.05, 0.5),
        disk: { ...DISK, ...disk },
        exempt: ["main", REGISTRY_NAME],
      },
      modules,
      threadHashing(),
    );
    this.#base = new SimulationBase(universe, modules, startLatency ?? uniform(5, 15));
    this.controls = new Hands(
      universe,
      this.#base,
      ({ node }) => this.#terminate(node),
      (what) => onTrace?.(actLine(world.now, what)),
    );
  }

  /** Starts the one system of this world. @throws InvalidOptionError, StartFailedError */
  async createSystem(
    { root, onEvent, ...options }: Pick<
      SystemOptions,
      "root" | "threads" | "onEvent" | "liveness"
    >,
  ): Promise<SimulatedSystem> {
    const told = (event: SystemEvent): void => {
      this.#onTrace?.(eventLine(event));
      onEvent?.(event);
    };
    const inner = new HostedSystem({ ...options, seed: this.#seed, onEvent: told }, this.#base);
    this.#terminate = (node) => inner.terminate(node);
    const system = new System(this.#world, this.controls, inner);
    try {
      await system.start(root);
    } catch (error) {
      await system.shutdown({ timeout: 1_000 });
      throw error;
    }
    return system;
  }

  /** Lets time pass while somebody outside waits for `work`. */
  wait<T>(what: string, work: Promise<T>): Promise<T> {
    return this.#world.wait(what, work);
  }

  /** Calls `fn` after `ms` virtual milliseconds. */
  after(ms: number, fn: () => void): Disposable {
    return this.at(this.#world.now + ms, fn);
  }

  /** Calls `fn` at `time`, now at the soonest. */
  at(time: number, fn: () => void): Disposable {
    const event = new Occurrence(undefined, "timer outside", fn);
    this.#world.at(time, event);
    return { [Symbol.dispose]: () => void (event.cancelled = true) };
  }
}

class System implements SimulatedSystem {
  readonly registry: Registry;
  readonly world: WorldControls;
  readonly #world: World;
  readonly #inner: HostedSystem;

  constructor(world: World, controls: WorldControls, inner: HostedSystem) {
    this.#world = world;
    this.#inner = inner;
    this.world = controls;
    this.registry = registryThatWaits(inner.registry, world);
  }

  start(root: ActorDefinition<void, Protocol> | undefined): Promise<void> {
    return this.#world.wait("the start of the system", this.#inner.start(root));
  }

  get seed(): string {
    return this.#inner.seed;
  }

  get root(): AnyRef {
    return this.#inner.root;
  }

  spawn<A, P extends Protocol>(
    definition: ActorDefinition<A, P>,
    args: A,
    options: SpawnOptions = {},
  ): Promise<ActorRef<P>> {
    const what = `the start of ${options.name ?? "an actor"}`;
    return this.#world.wait(what, this.#inner.spawn<A, P>(definition, args, options));
  }

  stop(
    ref: AnyRef,
    options?: { readonly reason?: ExitReason; readonly timeout?: number },
  ): Promise<ExitReason> {
    return this.#world.wait(`the stop of ${ref}`, this.#inner.stop(ref, options));
  }

  kill(ref: AnyRef): Promise<ExitReason> {
    return this.#world.wait(`the end of ${ref}`, this.#inner.kill(ref));
  }

  terminate(node: NodeId): boolean {
    return this.#inner.terminate(node);
  }

  crashRegistry(): Promise<void> {
    return this.#world.wait("a new registry", this.#inner.crashRegistry());
  }

  stopRegistry(): Promise<void> {
    return this.#world.wait("the end of the registry", this.#inner.stopRegistry());
  }

  startRegistry(): Promise<void> {
    return this.#world.wait("a new registry", this.#inner.startRegistry());
  }

  /** Left waiting where nothing is left to happen: that an actor lives on is no deadlock. */
  down(ref: AnyRef, options?: { readonly signal?: AbortSignal }): Promise<Down> {
    return this.#world.wait(`the end of ${ref}`, this.#inner.down(ref, options), true);
  }

  on(
    kind: string,
    fn: (event: SystemEvent) => void,
    options?: { readonly signal?: AbortSignal },
  ): Disposable {
    return this.#inner.on(kind, fn, options);
  }

  inspect(): Promise<SystemInfo> {
    return this.#world.wait("the state of the system", this.#inner.inspect());
  }

  now(): number {
    return this.#world.now;
  }

  shutdown(options?: { readonly timeout?: number }): Promise<void> {
    return this.#world.wait("the end of the system", this.#inner.shutdown(options));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }
}
