import type { ActorDefinition, Hashing, ModuleSource, NodeId, Protocol } from "../../actor/mod.ts";
import type { Envelope } from "../../actor/envelope.ts";
import { isReliable } from "../../actor/envelope.ts";
import type { DiskRules } from "./disk_faults.ts";
import type { Latency } from "./latency.ts";
import type { LinkRules } from "./link_rules.ts";
import { cleanRules, isPlain } from "./link_rules.ts";
import { EPOCH } from "./local_clock.ts";
import type { Machine } from "./machine.ts";
import type { Message } from "./message.ts";
import { Arrival } from "./message.ts";
import type { Modules } from "./modules.ts";
import type { Place } from "./network.ts";
import { Network } from "./network.ts";
import type { SimulatedHost } from "./simulated_host.ts";
import { SimulatedDisk } from "./simulated_disk.ts";
import type { World } from "./world.ts";

/** How a universe is made. */
export interface UniverseOptions {
  readonly seed: string;
  readonly latency: Latency;
  readonly disk: DiskRules;
  /** Places that faults of "all" links do not mean: those of the runtime itself. */
  readonly exempt: readonly Place[];
}

/** Everything that simulated threads share: the network between their places, the disks, what they run. */
export class Universe {
  readonly world: World;
  readonly hashing: Hashing;
  readonly network: Network<Message>;
  readonly #options: UniverseOptions;
  readonly #modules: Modules;
  /** Threads that live or come up. */
  readonly #machines = new Map<NodeId, Machine>();
  /** Those that are up. */
  readonly #hosts = new Map<NodeId, SimulatedHost>();
  /** What arrived at threads that were not up. */
  readonly #early = new Map<NodeId, Message[]>();
  readonly #receive = (message: Message): void => this.#received(message);
  readonly #places = new Map<NodeId, Place>();
  readonly #incarnations = new Map<Place, number>();
  readonly #disks = new Map<string, SimulatedDisk>();

  constructor(world: World, options: UniverseOptions, modules: Modules, hashing: Hashing) {
    this.world = world;
    this.hashing = hashing;
    this.#options = options;
    this.#modules = modules;
    this.network = new Network(
      options.seed,
      cleanRules(options.latency),
      (_from, _to, at, message, copy) => this.#arrive(at, message, copy),
      options.exempt,
    );
  }

  /** How many threads there are. */
  get nodes(): number {
    return this.#machines.size;
  }

  get machines(): readonly Machine[] {
    return [...this.#machines.values()];
  }

  /** A thread for `purpose` is about to start: where it is, and how many were there before. */
  settle(node: NodeId, purpose: string): { readonly place: Place; readonly before: number } {
    const staying = this.machines.filter(({ alive, leaving }) => alive && !leaving);
    const taken = new Set(staying.map((machine) => machine.place));
    let place = purpose;
    for (let i = 2; taken.has(place); i++) place = `${purpose}~${i}`;
    const before = this.#incarnations.get(place) ?? 0;
    this.#incarnations.set(place, before + 1);
    this.#places.set(node, place);
    return { place, before };
  }

  join(machine: Machine, host: SimulatedHost): void {
    this.#places.set(machine.node, machine.place);
    this.#machines.set(machine.node, machine);
    this.#hosts.set(machine.node, host);
    const early = this.#early.get(machine.node) ?? [];
    this.#early.delete(machine.node);
    for (const message of early) {
      this.world.at(this.world.now, new Arrival(machine, message, this.#receive));
    }
  }

  leave(machine: Machine): void {
    this.#machines.delete(machine.node);
    this.#hosts.delete(machine.node);
    this.#early.delete(machine.node);
  }

  /** `machine` will be there: messages to it wait until it is up. */
  expect(machine: Machine): void {
    this.#machines.set(machine.node, machine);
  }

  /** The living machine at `place`. */
  machineAt(place: Place): Machine | undefined {
    const there = this.machines.filter((machine) => machine.place === place);
    return there.find(({ leaving }) => !leaving) ?? there[0];
  }

  machine(node: NodeId): Machine | undefined {
    return this.#machines.get(node);
  }

  // ------------------------------------------------------------ messages

  /** Gives false where the addressee is not there. */
  send(from: Machine, to: NodeId, envelope: Envelope): boolean {
    const place = this.#places.get(to);
    if (place === undefined || !this.#machines.has(to)) return false;
    const link = this.network.link(from.place, place);
    const { now, happened } = this.world;
    const plain = isPlain(link.rules);
    const last = plain ? from.turn.get(to) : undefined;
    if (last?.event === happened) last.envelopes.push(envelope);
    else {
      const envelopes = [envelope];
      // Faults hit messages one by one.
      if (plain) from.turn.set(to, { event: happened, envelopes });
      else from.turn.delete(to);
      const message = { envelopes, from: from.node, to };
      if (!link.send(now, message, isReliable(envelope))) {
        this.#lost(from, to, envelope, link.rules);
      }
    }
    return true;
  }

  /** What carries an id to be followed by is told of. */
  #lost(from: Machine, to: NodeId, envelope: Envelope, { blocked }: LinkRules): void {
    const mid = "meta" in envelope ? envelope.meta?.["mid"] : undefined;
    if (mid === undefined || !("method" in envelope)) return;
    const { method } = envelope;
    const why = blocked ? "blocked" : "lost";
    from.actors?.event("link.dropped", undefined, { from: from.node, to, method, mid, why });
  }

  #arrive(at: number, message: Message, copy: boolean): void {
    const machine = this.#machines.get(message.to);
    if (machine === undefined) return;
    const arriving = copy ? { ...message, envelopes: structuredClone(message.envelopes) } : message;
    this.world.at(at, new Arrival(machine, arriving, this.#receive));
  }

  #received(message: Message): void {
    const host = this.#hosts.get(message.to);
    if (host !== undefined) return host.received(message);
    const early = this.#early.get(message.to);
    if (early === undefined) this.#early.set(message.to, [message]);
    else early.push(message);
  }

  /** When the last message of `node`, which is gone, arrives at `place`. */
  lastFrom(node: NodeId, place: Place): number {
    const from = this.#places.get(node);
    const { now } = this.world;
    if (from === undefined) return now;
    return this.network.close(from, place, now, (message) => message.from === node);
  }

  // ------------------------------------------------------------ disks, modules

  disk(name: string): SimulatedDisk {
    let disk = this.#disks.get(name);
    if (disk === undefined) {
      disk = new SimulatedDisk(
        `${this.#options.seed}/disk/${name}`,
        this.#options.disk,
        () => EPOCH + this.world.now,
      );
      this.#disks.set(name, disk);
    }
    return disk;
  }

  load(source: ModuleSource): Promise<ActorDefinition<never, Protocol>> {
    return this.#modules.load(source);
  }

  close(): void {
    this.world.close();
  }
}
