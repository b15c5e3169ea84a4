import type {
  ActorDefinition,
  ActorId,
  ActorRef,
  ExitReason,
  NodeId,
  Protocol,
} from "../../actor/mod.ts";
import { kernelId } from "../../actor/mod.ts";
import type { RemoteSpawn } from "../../actor/host.ts";
import { ActorNode } from "../../actor/node.ts";
import { makeRef } from "../../actor/refs.ts";
import { registry, RegistryClient } from "../../registry/mod.ts";
import { nameLost } from "../../registry/name_lost.ts";
import type { Ending, Ground, MainHost, SystemBase, ThreadOptions } from "../threads/ground.ts";
import type { HostRole } from "../threads/host.ts";
import { kernelMethods } from "../threads/kernel.ts";
import type { LivenessOptions } from "../threads/liveness_options.ts";
import type { Switchboard } from "../threads/switchboard.ts";
import type { MainKernelProtocol, SpawnRequest } from "../threads/wire.ts";
import type { Latency } from "./latency.ts";
import { Looking } from "./looking.ts";
import { Machine } from "./machine.ts";
import type { Modules } from "./modules.ts";
import { SimulatedHost } from "./simulated_host.ts";
import { SimulatedPulse } from "./simulated_pulse.ts";
import type { Inside } from "./simulated_thread.ts";
import { SimulatedThread } from "./simulated_thread.ts";
import { Draws } from "./draws.ts";
import type { Universe } from "./universe.ts";
import { outsideThatWaits } from "./outside.ts";
import { Occurrence } from "./world_event.ts";

const MAIN = "main" as NodeId;

/** Simulated threads: what a system of them stands on. */
export class SimulationBase implements SystemBase {
  readonly registry: ActorDefinition<void, Protocol> = registry as never;
  readonly #universe: Universe;
  readonly #modules: Modules;
  readonly #startLatency: Latency;
  readonly #threads = new Map<NodeId, SimulatedThread>();
  #main!: Machine;
  #looking: Looking | undefined;

  constructor(universe: Universe, modules: Modules, startLatency: Latency) {
    this.#universe = universe;
    this.#modules = modules;
    this.#startLatency = startLatency;
  }

  /** The threads that live. */
  thread(node: NodeId): SimulatedThread | undefined {
    const thread = this.#threads.get(node);
    return thread?.machine.alive ? thread : undefined;
  }

  /** The thread was held up, or let go: its watcher has something to see. */
  watch(): void {
    this.#looking?.awake();
  }

  host(seed: string, role: HostRole): MainHost {
    this.#main = new Machine(this.#universe.world, MAIN, MAIN, (error) => {
      throw error;
    });
    const host = new SimulatedHost(this.#universe, this.#main, `${seed}/main`, role);
    const attach = host.attach.bind(host);
    host.attach = (node) => {
      attach(node);
      outsideThatWaits(node, this.#universe.world);
    };
    return host;
  }

  request(spawn: RemoteSpawn): SpawnRequest {
    return this.#modules.request(spawn);
  }

  ground(
    seed: string,
    _host: MainHost,
    { intervalMs }: Required<LivenessOptions>,
    switchboard: () => Switchboard,
  ): Ground {
    return {
      start: (options, ended) => this.#start(seed, intervalMs, options, ended),
      connect: () => {},
      looking: (ms, look) => {
        return this.#looking = new Looking(
          this.#main,
          ms,
          look,
          () =>
            this.#universe.machines.some(({ node, heldSince }) =>
              heldSince !== undefined && switchboard().liveness.suspicion(node) === undefined
            ),
        );
      },
    };
  }

  #start(
    seed: string,
    beatMs: number,
    options: ThreadOptions,
    ended: Ending,
  ): SimulatedThread {
    const { node } = options;
    const { place, before } = this.#universe.settle(node, shortPurpose(options.purpose));
    const own = `${seed}/${place}#${before}`;
    const pulse = new SimulatedPulse(beatMs, this.#universe.world.now);
    const thread: SimulatedThread = new SimulatedThread(
      this.#universe,
      this.#main,
      place,
      pulse,
      options,
      this.#inside(own, pulse),
      (cause) => {
        this.#threads.delete(node);
        ended(cause);
      },
    );
    this.#threads.set(node, thread);
    this.#universe.expect(thread.machine);
    thread.start(this.#startLatency(new Draws(own).at(0, 0)));
    return thread;
  }

  /** What `inside.ts` of the threads does in a real one. */
  #inside(seed: string, pulse: SimulatedPulse): Inside {
    let main: ActorRef<MainKernelProtocol> | undefined;
    return {
      boot: (machine) => {
        const { node: id } = machine;
        const host: SimulatedHost = new SimulatedHost(this.#universe, machine, seed, {
          connect: (to) => kernel().tell.connect(id, to),
          spawn: async (request) => await kernel().ask.spawnElsewhere(this.request(request)),
          kill: (actor) => kernel().tell.kill(actor),
          emit(event) {
            try {
              kernel().tell.event(event);
            } catch {
              // An event whose data does not cross is told without it.
              kernel().tell.event({ ...event, data: {} });
            }
          },
          ended(actor: ActorId, reason: ExitReason) {
            machine.leaving = node.cells.every(({ id }) => id === actor);
            const at = host.clock.now();
            machine.world.at(
              machine.world.now,
              new Occurrence(machine, "last words", () => kernel().tell.ended(actor, reason, at)),
            );
          },
        }, pulse);
        const names: RegistryClient = new RegistryClient({
          node: id,
          clock: host.clock,
          get home() {
            return node.outside;
          },
          announce: async (actor) => await kernel().ask.announce(actor),
          lost: (record) => nameLost(node, record),
        });
        const node: ActorNode = new ActorNode(id, host, names);
        const kernel = (): ActorRef<MainKernelProtocol> => main ??= mainKernel(node);
        host.attach(node);
        node.installKernel(kernelMethods(node, host, names) as unknown as Protocol);
        kernel().tell.ready(id);
      },
      crashing: (machine, error) => main?.tell.crashed(machine.node, error),
    };
  }
}

/** The main thread's kernel, for `node`. Its answers may take as long as starts elsewhere. */
function mainKernel(node: ActorNode): ActorRef<MainKernelProtocol> {
  return makeRef<MainKernelProtocol>(node.outside, kernelId(MAIN), "main")
    .with({ timeout: Infinity });
}

/** A purpose that does not depend on where the files lie, or on which of their forms is run. */
function shortPurpose(purpose: string): string {
  if (!/^(file|https?):/.test(purpose)) return purpose;
  return purpose.slice(purpose.lastIndexOf("/") + 1).replace(/\.[jt]s$/, "");
}
