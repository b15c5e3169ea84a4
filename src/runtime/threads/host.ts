import type { ActorId, Clock, Disk, ExitReason, Hashing, NodeId, Random } from "../../actor/mod.ts";
import { SystemClosedError } from "../../actor/mod.ts";
import type { ActorDefinition, ModuleSource, Protocol } from "../../actor/mod.ts";
import type { Envelope } from "../../actor/envelope.ts";
import type { RemoteSpawn, SystemEvent } from "../../actor/host.ts";
import type { ActorNode } from "../../actor/node.ts";
import { Obituaries } from "../../actor/obituaries.ts";
import type { MessagePort, TransferListItem } from "node:worker_threads";
import { threadDisk } from "./disk.ts";
import type { MainHost } from "./ground.ts";
import { fencedDisk } from "./fenced_disk.ts";
import { threadHashing } from "./hashing.ts";
import type { DropReason } from "./faulty_way.ts";
import type { Disturbed } from "./link.ts";
import { Link } from "./link.ts";
import { loadDefinition } from "./load_definition.ts";
import type { PlaceFaults } from "./place_faults.ts";
import type { PulseWriter } from "./pulse.ts";
import { troubledDisk } from "./troubled_disk.ts";

/** Milliseconds that a dead thread's port may take to close before its conversation counts as over. */
const CLOSE_GRACE = 250;

/** Milliseconds that an ended actor's thread waits for links which its last messages need. */
const LINK_GRACE = 250;

/** What differs between the main thread and the others. */
export interface HostRole {
  /** Has a link between this node and `to` made. */
  connect(to: NodeId): void;
  spawn(request: RemoteSpawn): Promise<ActorId>;
  kill(id: ActorId): void;
  emit(event: SystemEvent): void;
  /** Something is about to be sent to `to`: what must not come after it goes now. */
  sending?(to: NodeId): void;
  ended(id: ActorId, reason: ExitReason): void;
  /** What this thread tells its watcher; the main thread has none. */
  readonly pulse?: PulseWriter;
  /** What is wrong with this thread, where experiments concern it. */
  readonly faults?: PlaceFaults;
}

/** A thread as the host of a node: its links to other threads, its clock, its disk. */
export class ThreadHost implements MainHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly hashing: Hashing = threadHashing();
  readonly #role: HostRole;
  readonly #disk: Disk;
  readonly #pulse: PulseWriter | undefined;
  readonly #faults: PlaceFaults | undefined;
  readonly #condemned = (): boolean => this.#pulse?.condemned === true;
  /** Those who wait for a change of what is wrong. */
  readonly #undisturbed: (() => void)[] = [];
  readonly #links = new Map<NodeId, Link>();
  /** Envelopes for threads that no link leads to yet. */
  readonly #queued = new Map<NodeId, { envelope: Envelope; transfer: readonly ArrayBuffer[] }[]>();
  /** Those who wait until nothing is queued. */
  readonly #unqueued: (() => void)[] = [];
  readonly #down = new Obituaries<NodeId>();
  /** Deaths that wait for the last messages of the dead. */
  readonly #closing = new Map<NodeId, () => void>();
  #node!: ActorNode;

  constructor(clock: Clock, random: Random, role: HostRole) {
    this.clock = clock;
    this.random = random;
    this.#role = role;
    this.#faults = role.faults;
    const pulse = this.#pulse = role.pulse;
    const disk = pulse === undefined ? threadDisk() : fencedDisk(threadDisk(), () => {
      if (pulse.condemned) throw new SystemClosedError("This thread was declared dead");
    });
    const { faults } = role;
    this.#disk = faults === undefined ? disk : troubledDisk(disk, {
      get trouble() {
        return faults.disk;
      },
      wait: (ms) => new Promise((resolve) => void clock.setTimeout(resolve, ms)),
      changed: () => new Promise((resolve) => void this.#undisturbed.push(resolve)),
    });
  }

  /** Must be called before anything else. */
  attach(node: ActorNode): void {
    this.#node = node;
  }

  disk(): Disk {
    return this.#disk;
  }

  load(source: ModuleSource): Promise<ActorDefinition<never, Protocol>> {
    return loadDefinition(source);
  }

  send(to: NodeId, envelope: Envelope, transfer: readonly ArrayBuffer[]): void {
    if (this.#pulse?.condemned) return;
    this.#role.sending?.(to);
    const link = this.#links.get(to);
    if (link !== undefined) return link.send(envelope, transfer as readonly TransferListItem[]);
    if (this.#down.has(to)) return;
    const queue = this.#queued.get(to);
    if (queue !== undefined) return void queue.push({ envelope, transfer });
    this.#queued.set(to, [{ envelope, transfer }]);
    this.#role.connect(to);
  }

  reach(to: NodeId): void {
    if (this.#links.has(to) || this.#down.has(to) || this.#queued.has(to)) return;
    this.#queued.set(to, []);
    this.#role.connect(to);
  }

  down(node: NodeId): ExitReason | undefined {
    return this.#down.get(node);
  }

  yield(fn: () => void): void {
    setImmediate(fn);
  }

  spawn(request: RemoteSpawn): Promise<ActorId> {
    return this.#role.spawn(request);
  }

  kill(id: ActorId): void {
    this.#role.kill(id);
  }

  emit(event: SystemEvent): void {
    this.#role.emit(event);
  }

  began(actor: ActorId, method: string, at: number): void {
    this.#pulse?.began(actor, method, at);
    this.#faults?.pass(this.#condemned);
  }

  rested(): void {
    this.#pulse?.rested();
  }

  ended(id: ActorId, reason: ExitReason): void {
    this.#role.ended(id, reason);
  }

  // ------------------------------------------------------------ links

  get links(): number {
    return this.#links.size;
  }

  /** A port to `to`, at `place` where experiments concern it, is here: what waited for it goes out. */
  link(to: NodeId, port: unknown, place?: number): void {
    const own = port as MessagePort;
    if (this.#links.has(to) || this.#down.has(to)) return own.close();
    const link: Link = new Link(own, {
      received: (batch) => this.#node.receiveAll(batch, to),
      closed: () => this.#closed(to),
      undeliverable: (envelope, cause) => this.#undeliverable(to, envelope, cause),
      refused: (message) =>
        this.#node.event("link.refused", undefined, { from: to, message: String(message) }),
      dropped: (envelope, why) => this.#dropped(to, envelope, why),
    }, this.#disturbed(place));
    this.#links.set(to, link);
    for (const { envelope, transfer } of this.#queued.get(to) ?? []) {
      link.send(envelope, transfer as readonly TransferListItem[]);
    }
    this.#forgetQueue(to);
  }

  #disturbed(place: number | undefined): Disturbed | undefined {
    if (this.#faults === undefined || place === undefined) return undefined;
    const random = this.random.stream(`link to ${place}`);
    return { faults: this.#faults.link(place), clock: this.clock, random };
  }

  /** What carries an id to be followed by is told of. */
  #dropped(other: NodeId, envelope: Envelope, why: DropReason): void {
    const mid = "meta" in envelope ? envelope.meta?.["mid"] : undefined;
    if (mid === undefined || !("method" in envelope)) return;
    const { id } = this.#node;
    const [from, to] = why === "shut_out" ? [other, id] : [id, other];
    this.#node.event("link.dropped", undefined, { from, to, method: envelope.method, mid, why });
  }

  /** What is wrong with this thread has changed. */
  disturbed(): void {
    for (const link of this.#links.values()) link.look();
    for (const proceed of this.#undisturbed.splice(0)) proceed();
  }

  /** Settles when a link leads to everyone that something was sent to, or there was time enough to make it. */
  async linked(): Promise<void> {
    if (this.#queued.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = this.clock.setTimeout(resolve, LINK_GRACE);
      this.#unqueued.push(() => {
        timer[Symbol.dispose]();
        resolve();
      });
    });
  }

  #forgetQueue(node: NodeId): void {
    this.#queued.delete(node);
    if (this.#queued.size > 0) return;
    for (const proceed of this.#unqueued.splice(0)) proceed();
  }

  /** Sends what is queued on all links now: the thread is about to end. */
  flush(): void {
    for (const link of this.#links.values()) link.flush();
  }

  #undeliverable(to: NodeId, envelope: Envelope, cause: Error): void {
    if (envelope.kind === "reply") this.#node.undeliverableReply(to, envelope.id, cause);
    else this.#node.undeliverable(envelope, cause);
  }

  #closed(node: NodeId): void {
    this.#links.delete(node);
    const proceed = this.#closing.get(node);
    if (proceed !== undefined) return proceed();
    // The news of its death is on the way; those who wait for replies need not wait for it.
    const reason: ExitReason = { kind: "nodedown", node };
    if (!this.#down.has(node)) this.#down.set(node, reason);
    this.#node.lostNode(node, reason);
  }

  /** `node` is dead. Settles when its last messages are in and everyone here knows. */
  async nodeDown(node: NodeId, reason: ExitReason, goneSince?: number): Promise<void> {
    await this.awaitLast(node, reason);
    this.finishDown(node, reason, goneSince);
  }

  /** `node` is dead: nothing is sent to it any more. Settles when its last messages are in. */
  async awaitLast(node: NodeId, reason: ExitReason): Promise<void> {
    this.#down.set(node, reason);
    this.#forgetQueue(node);
    const link = this.#links.get(node);
    if (link !== undefined) await this.#untilClosed(node);
    link?.close();
    this.#links.delete(node);
  }

  /** Tells everyone here that `node` is dead. */
  finishDown(node: NodeId, reason: ExitReason, goneSince?: number): void {
    this.#down.set(node, reason);
    this.#node.nodeDown(node, reason, goneSince);
  }

  #untilClosed(node: NodeId): Promise<void> {
    return new Promise((resolve) => {
      const proceed = (): void => {
        this.#closing.delete(node);
        timer[Symbol.dispose]();
        resolve();
      };
      const timer = this.clock.setTimeout(proceed, CLOSE_GRACE);
      this.#closing.set(node, proceed);
    });
  }

  close(): void {
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
    for (const proceed of [...this.#closing.values()]) proceed();
  }
}
