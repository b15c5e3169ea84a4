import type {
  ActorDefinition,
  ActorId,
  Clock,
  Disk,
  ExitReason,
  Hashing,
  ModuleSource,
  NodeId,
  Protocol,
  Random,
} from "../../actor/mod.ts";
import type { Envelope } from "../../actor/envelope.ts";
import type { RemoteSpawn, SystemEvent } from "../../actor/host.ts";
import type { ActorNode } from "../../actor/node.ts";
import type { MainHost } from "../threads/ground.ts";
import type { HostRole } from "../threads/host.ts";
import type { Machine } from "./machine.ts";
import type { Message } from "./message.ts";
import { placeRandom } from "./place_random.ts";
import type { SimulatedPulse } from "./simulated_pulse.ts";
import type { Universe } from "./universe.ts";
import { Occurrence } from "./world_event.ts";

/** Events that a yield counts for: thousands of messages were handled since the last one. */
const YIELD = 500;

/** A simulated thread as the host of a node. */
export class SimulatedHost implements MainHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly hashing: Hashing;
  readonly machine: Machine;
  readonly #universe: Universe;
  readonly #role: Omit<HostRole, "pulse">;
  readonly #pulse: SimulatedPulse | undefined;
  readonly #down = new Map<NodeId, ExitReason>();
  /** Nodes whose last messages were received: what comes late is void. */
  readonly #over = new Set<NodeId>();
  #node!: ActorNode;

  constructor(
    universe: Universe,
    machine: Machine,
    seed: string,
    role: Omit<HostRole, "pulse">,
    pulse?: SimulatedPulse,
  ) {
    this.#universe = universe;
    this.machine = machine;
    this.clock = machine.clock;
    this.hashing = universe.hashing;
    this.random = placeRandom(seed, machine.node);
    this.#role = role;
    this.#pulse = pulse;
  }

  attach(node: ActorNode): void {
    this.#node = node;
    this.machine.carry(node);
    this.#universe.join(this.machine, this);
  }

  // ------------------------------------------------------------ services

  disk(_id: ActorId, name: string | undefined): Disk {
    const { machine } = this;
    const { world } = machine;
    const disk = this.#universe.disk(name ?? machine.place);
    machine.disks.add(disk);
    return disk.troubled({
      now: () => world.now,
      later: (time, what, fn) => world.at(time, new Occurrence(machine, what, fn)),
    });
  }

  load(source: ModuleSource): Promise<ActorDefinition<never, Protocol>> {
    return this.#universe.load(source);
  }

  yield(fn: () => void): void {
    const { machine } = this;
    machine.world.strain(YIELD);
    machine.world.at(machine.world.now, new Occurrence(machine, "yield", fn));
  }

  emit(event: SystemEvent): void {
    // Clocks may differ from place to place: events show the world's time.
    this.#role.emit({ ...event, at: this.machine.world.now });
  }

  spawn(request: RemoteSpawn): Promise<ActorId> {
    return this.#role.spawn(request);
  }

  kill(id: ActorId): void {
    this.#role.kill(id);
  }

  ended(id: ActorId, reason: ExitReason): void {
    this.#role.ended(id, reason);
  }

  // ------------------------------------------------------------ what runs

  began(actor: ActorId, method: string, at: number): void {
    this.#pulse?.began(actor, method, at);
    const { onMethod } = this.machine;
    if (onMethod.size === 0) return;
    const react = onMethod.get(method);
    onMethod.delete(method);
    react?.();
  }

  rested(): void {
    // What hangs does not come to the end of its method.
    if (this.machine.heldSince === undefined) this.#pulse?.rested();
  }

  // ------------------------------------------------------------ messages

  get links(): number {
    return this.#universe.nodes - 1;
  }

  /** All simulated threads are linked from the first. */
  link(): void {}

  /** What is wrong is done to the network and the machine. */
  disturbed(): void {}

  send(to: NodeId, envelope: Envelope, _transfer: readonly ArrayBuffer[]): void {
    const { machine } = this;
    if (!machine.alive || this.#down.has(to)) return;
    machine.whenFree(() => {
      if (!this.#universe.send(machine, to, envelope)) this.#role.connect(to);
    });
  }

  received(message: Message): void {
    if (!this.#over.has(message.from)) this.#node.receiveAll(message.envelopes, message.from);
  }

  down(node: NodeId): ExitReason | undefined {
    return this.#down.get(node);
  }

  async nodeDown(node: NodeId, reason: ExitReason, goneSince?: number): Promise<void> {
    await this.awaitLast(node, reason);
    this.finishDown(node, reason, goneSince);
  }

  awaitLast(node: NodeId, reason: ExitReason): Promise<void> {
    this.#down.set(node, reason);
    const { machine } = this;
    const at = this.#universe.lastFrom(node, machine.place);
    return new Promise((resolve) => {
      machine.world.at(at, new Occurrence(machine, `${machine.place} < ${node} closed`, resolve));
    });
  }

  finishDown(node: NodeId, reason: ExitReason, goneSince?: number): void {
    this.#over.add(node);
    this.#down.set(node, reason);
    this.#node.nodeDown(node, reason, goneSince);
  }

  close(): void {
    this.#universe.close();
  }
}
