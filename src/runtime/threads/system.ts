import { randomBytes } from "node:crypto";
import { EventEmitter } from "eventemitter3";
import type {
  ActorDefinition,
  ActorId,
  ActorRef,
  AnyRef,
  Down,
  ExitReason,
  NodeId,
  Protocol,
  Registry,
  SpawnOptions,
} from "../../actor/mod.ts";
import { AskAbortedError, NOPROC, NoProcError } from "../../actor/mod.ts";
import type { SystemEvent } from "../../actor/host.ts";
import { ActorNode } from "../../actor/node.ts";
import { REGISTRY_NAME, RegistryClient } from "../../registry/mod.ts";
import { nameLost } from "../../registry/name_lost.ts";
import type { SupervisorProtocol } from "../../supervision/mod.ts";
import { child, supervisor } from "../../supervision/mod.ts";
import type { MainHost, SystemBase } from "./ground.ts";
import type { SystemInfo } from "./inspect.ts";
import { Inspector } from "./inspect.ts";
import { kernelMethods } from "./kernel.ts";
import { checkLiveness, checkMaxZombies } from "./liveness_options.ts";
import { Switchboard } from "./switchboard.ts";
import type { ActorSystem, SystemOptions } from "./system_api.ts";
import { ROOT_NAME } from "./system_api.ts";
import { threadBase } from "./thread_ground.ts";
import { trace } from "./trace.ts";
import type { MainKernelProtocol } from "./wire.ts";

/** Milliseconds that {@linkcode ActorSystem.shutdown} waits for the tree to stop in order. */
const SHUTDOWN_TIMEOUT = 10_000;
/** Restarts of the registry that are tolerated in a minute before everything is started anew. */
const REGISTRY_RESTARTS = 20;

/** See `createSystem`, which calls this unless it is told to simulate. */
export async function createThreadSystem(options: SystemOptions = {}): Promise<ActorSystem> {
  const system = new HostedSystem(options, threadBase(options.faults));
  try {
    await system.start(options.root);
  } catch (error) {
    await system.shutdown({ timeout: 1_000 });
    throw error;
  }
  return system;
}

/** Ids in the supervisors of the system. */
const NAMES_CHILD = "names";
const REGISTRY_CHILD = "registry";

type Listeners = { [kind: string]: (event: SystemEvent) => void };

/** A system on whatever `base` its threads stand on. */
export class HostedSystem implements ActorSystem {
  readonly seed: string;
  readonly registry: Registry;
  readonly #host: MainHost;
  readonly #base: SystemBase;
  readonly #node: ActorNode;
  readonly #switchboard: Switchboard;
  readonly #inspector: Inspector;
  readonly #emitter = new EventEmitter<Listeners>();
  #root: AnyRef | undefined;
  #ending: Promise<void> | undefined;

  constructor(options: SystemOptions, base: SystemBase) {
    this.#base = base;
    const liveness = checkLiveness(options.liveness);
    const maxZombies = checkMaxZombies(options.maxZombies);
    if (options.onEvent !== undefined) this.#emitter.on("*", options.onEvent);
    this.seed = String(options.seed ?? randomBytes(4).readUInt32BE());
    const id = "main" as NodeId;
    this.#host = base.host(this.seed, {
      connect: (to) => this.#switchboard.connect(id, to),
      spawn: (request) => this.#switchboard.spawn(base.request(request), request.options.signal),
      kill: (actor) => this.#switchboard.kill(actor),
      emit: (event) => this.#emit(event),
      ended: () => {},
    });
    const names: RegistryClient = new RegistryClient({
      node: id,
      clock: this.#host.clock,
      home: {
        ask: (...args) => this.#node.outside.ask(...args),
        tell: (...args) => this.#node.outside.tell(...args),
      },
      announce: (actor) => Promise.resolve(this.#switchboard.announce(actor)),
      lost: (record) => nameLost(this.#node, record),
    });
    this.#node = new ActorNode(id, this.#host, names);
    this.#host.attach(this.#node);
    const ground = base.ground(this.seed, this.#host, liveness, () => this.#switchboard);
    this.#switchboard = new Switchboard(this.#node, this.#host, ground, {
      pools: options.threads ?? {},
      liveness,
      maxZombies,
      names,
    });
    this.#inspector = new Inspector(this.#node, this.#switchboard);
    this.#node.installKernel(this.#kernel(names) as unknown as Protocol);
    this.registry = names.view(this.#node.outside);
  }

  #kernel(names: RegistryClient): MainKernelProtocol {
    const switchboard = this.#switchboard;
    return {
      ...kernelMethods(this.#node, this.#host, names),
      ready: (node) => switchboard.becameReady(node),
      crashed: (node, error) => switchboard.crashed(node, error),
      connect: (from, to) => switchboard.connect(from, to),
      spawnElsewhere: (request) => switchboard.spawn(request),
      kill: (id: ActorId) => switchboard.kill(id),
      announce: (id) => switchboard.announce(id),
      ended: (id, reason, at) => switchboard.actorEnded(id, reason, at),
      event: (event) => this.#emit(event),
      events: (events) => this.#emitAll(events),
    };
  }

  async start(root: ActorDefinition<void, Protocol> | undefined): Promise<void> {
    const { registry } = this.#base;
    const names = supervisor({ intensity: REGISTRY_RESTARTS, periodMs: 60_000 }, [
      child({ id: REGISTRY_CHILD, start: registry, name: REGISTRY_NAME, placement: "thread" }),
    ]);
    const top = supervisor({ strategy: "rest_for_one" }, [
      child({ id: NAMES_CHILD, start: names }),
      ...(root === undefined ? [] : [child({ id: "root", start: root, name: ROOT_NAME })]),
    ]);
    this.#root = await this.#node.spawn(undefined, top, undefined, {
      startTimeout: Infinity,
    });
  }

  get root(): AnyRef {
    return this.#root as AnyRef;
  }

  spawn<A, P extends Protocol>(
    definition: ActorDefinition<A, P>,
    args: A,
    options: SpawnOptions = {},
  ): Promise<ActorRef<P>> {
    return this.#node.spawn<A, P>(undefined, definition, args, options);
  }

  stop(
    ref: AnyRef,
    options?: { readonly reason?: ExitReason; readonly timeout?: number },
  ): Promise<ExitReason> {
    return this.#node.stop(ref.id, options);
  }

  kill(ref: AnyRef): Promise<ExitReason> {
    return this.#node.kill(ref.id);
  }

  terminate(node: NodeId): boolean {
    return this.#switchboard.terminate(node);
  }

  async crashRegistry(): Promise<void> {
    // There may be none yet since the last time.
    await this.registry.lookup(REGISTRY_NAME);
    this.#switchboard.crashRegistry();
    await this.registry.lookup(REGISTRY_NAME);
  }

  async stopRegistry(): Promise<void> {
    const names = await this.#names();
    this.#switchboard.crashRegistry();
    await names.ask.terminateChild(REGISTRY_CHILD);
  }

  async startRegistry(): Promise<void> {
    const names = await this.#names();
    await names.with({ timeout: Infinity }).ask.restartChild(REGISTRY_CHILD);
    await this.registry.lookup(REGISTRY_NAME);
  }

  /** The registry's supervisor, which has no name: who would know it? */
  async #names(): Promise<ActorRef<SupervisorProtocol>> {
    const top = (this.#root as AnyRef).as<SupervisorProtocol>();
    const children = await top.ask.whichChildren();
    const names = children.find(({ id }) => id === NAMES_CHILD)?.ref;
    if (typeof names === "object") return names.as<SupervisorProtocol>();
    throw new NoProcError(NAMES_CHILD, "whichChildren", NOPROC, "no");
  }

  down(ref: AnyRef, options: { readonly signal?: AbortSignal } = {}): Promise<Down> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      const abort = (): void => reject(new AskAbortedError(ref.id, "down", signal?.reason, "no"));
      if (signal?.aborted) return abort();
      signal?.addEventListener("abort", abort, { once: true });
      this.#node.down(ref.id).then((reason) => {
        signal?.removeEventListener("abort", abort);
        resolve({ ref, reason });
      });
    });
  }

  on(
    kind: string,
    fn: (event: SystemEvent) => void,
    options: { readonly signal?: AbortSignal } = {},
  ): Disposable {
    const off = (): void => void this.#emitter.off(kind, fn);
    if (!options.signal?.aborted) this.#emitter.on(kind, fn);
    options.signal?.addEventListener("abort", off, { once: true });
    return { [Symbol.dispose]: off };
  }

  now(): number {
    return this.#host.clock.now();
  }

  inspect(): Promise<SystemInfo> {
    return this.#inspector.inspect();
  }

  shutdown(options: { readonly timeout?: number } = {}): Promise<void> {
    return this.#ending ??= this.#shutdown(options.timeout ?? SHUTDOWN_TIMEOUT);
  }

  async #shutdown(timeout: number): Promise<void> {
    if (this.#root !== undefined) await this.#node.stop(this.#root.id, { timeout });
    await this.#switchboard.close();
    await this.#node.close();
    this.#host.close();
    this.#emitter.removeAllListeners();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  /** A listener that throws spoils one event, not those that came with it. */
  #emitAll(events: readonly SystemEvent[]): void {
    const thrown: unknown[] = [];
    for (const event of events) {
      try {
        this.#emit(event);
      } catch (error) {
        thrown.push(error);
      }
    }
    if (thrown.length > 0) throw thrown[0];
  }

  #emit(event: SystemEvent): void {
    trace(event);
    this.#emitter.emit(event.kind, event);
    this.#emitter.emit("*", event);
  }
}
