import type { OpenAsk } from "./asks.ts";
import type { LinkedSpawnOptions } from "./births.ts";
import { Births } from "./births.ts";
import type { Cell } from "./cell.ts";
import { Deaths } from "./deaths.ts";
import type { ActorDefinition } from "./definition.ts";
import type { Envelope } from "./envelope.ts";
import { SystemClosedError } from "./errors.ts";
import type { ExitReason } from "./exit_reason.ts";
import { KILLED } from "./exit_reason.ts";
import type { Bonds, Host, Names } from "./host.ts";
import type { ActorId, NodeId } from "./ids.ts";
import { kernelId } from "./ids.ts";
import { Linking } from "./linking.ts";
import { MessagesIn } from "./messages_in.ts";
import { MessagesOut } from "./messages_out.ts";
import { Monitoring } from "./monitoring.ts";
import { NodeBase } from "./node_base.ts";
import type { SpawnOptions } from "./options.ts";
import type { Protocol } from "./protocol.ts";
import type { ActorRef } from "./ref.ts";
import type { Home } from "./refs.ts";
import { Turns } from "./turns.ts";

/**
 * The actors of one thread (or of one simulated host): their mailboxes and turns, the asks that wait, who watches whom.
 * Knows nothing of threads or ports; a {@linkcode Host} carries what goes elsewhere.
 *
 * It is the sum of its parts, which are in files of their own: {@linkcode Births}, {@linkcode MessagesOut} and
 * {@linkcode MessagesIn}, {@linkcode Turns}, {@linkcode Monitoring} and {@linkcode Linking}, {@linkcode Deaths}.
 */
export class ActorNode {
  readonly id: NodeId;
  readonly host: Host;
  readonly names: Names;
  /** Sends for those who are no actors. */
  readonly outside: Home;
  readonly base: NodeBase;
  readonly births: Births;
  readonly out: MessagesOut;
  readonly turns: Turns;
  readonly monitoring: Monitoring;
  readonly linking: Linking;
  readonly deaths: Deaths;
  readonly #in: MessagesIn;
  /** Aborted when this node is closed, which ends what those outside of actors wait for. */
  readonly #closing = new AbortController();

  constructor(id: NodeId, host: Host, names: Names) {
    this.id = id;
    this.host = host;
    this.names = names;
    const { signal } = this.#closing;
    this.outside = {
      clock: host.clock,
      ask: (to, method, args, options, spent) =>
        this.out.ask(undefined, to, method, args, options, spent),
      tell: (to, method, args, options) => this.out.tell(undefined, to, method, args, options),
      drop: (to, method, why) => this.base.deadLetter(to, method, why),
      room: (to, options, spent) => this.out.room(undefined, to, options, spent),
      resolve: (name, stale, patience) => names.resolve(name, stale, patience, signal),
      signal,
    };
    this.base = new NodeBase(
      id,
      host,
      names,
      this.outside,
      (envelope, from) => this.#in.receive(envelope, from),
    );
    this.out = new MessagesOut(this.base);
    this.turns = new Turns((fn) => host.yield(fn));
    this.monitoring = new Monitoring(this.base);
    this.linking = new Linking(this.base);
    this.deaths = new Deaths(this.base, this.out, this.monitoring, this.linking);
    this.births = new Births(this);
    this.#in = new MessagesIn(
      this.base,
      this.out,
      this.monitoring,
      this.linking,
      this.deaths,
    );
  }

  // ------------------------------------------------------------ who is here, and what waits

  /** The actors that live here, the kernel left out. */
  get cells(): readonly Cell[] {
    const kernel = kernelId(this.id);
    return [...this.base.cells.values()].filter((cell) => cell.id !== kernel);
  }

  cell(id: ActorId): Cell | undefined {
    return this.base.cells.get(id);
  }

  /** Messages that wait for room elsewhere. */
  get held(): number {
    return this.out.outflow.size;
  }

  /** The asks that have no reply yet. */
  get asking(): Iterable<OpenAsk> {
    return this.out.asks.waiting;
  }

  /** How many they are. */
  get pending(): number {
    return this.out.asks.size;
  }

  // ------------------------------------------------------------ what its host tells

  /** Takes what came from `from` in one turn, and lets the actors handle it. */
  receiveAll(envelopes: readonly Envelope[], from: NodeId): void {
    for (const envelope of envelopes) this.#in.receive(envelope, from);
    this.turns.drain();
  }

  /** An envelope that was handed to the host did not cross after all. */
  undeliverable(envelope: Envelope, cause: Error): void {
    this.out.undeliverable(envelope, cause);
  }

  /** The reply `ask` that should have gone to `to` does not cross: say so instead. */
  undeliverableReply(to: NodeId, ask: number, cause: Error): void {
    this.out.undeliverableReply(to, ask, cause);
  }

  /** No reply from `node` can come any more; its actors' watchers are told by {@linkcode nodeDown}. */
  lostNode(node: NodeId, reason: ExitReason): void {
    this.deaths.lostNode(node, reason);
  }

  /**
   * All actors of `node` ended with it. Called by the host, after the last message from there.
   *
   * @param goneSince when its actors had ended by themselves, where they had: who watches since later is told `noproc`
   */
  nodeDown(node: NodeId, reason: ExitReason, goneSince?: number): void {
    this.deaths.nodeDown(node, reason, goneSince);
    this.turns.drain();
  }

  /** Sends what waits for room at once: this node is about to end, and who is told of that must have heard what came before. */
  hurry(): void {
    this.out.outflow.hurryAll();
  }

  // ------------------------------------------------------------ births

  /** The actor that manages this node, under the number that all nodes keep for it. Its methods overlap. */
  installKernel(methods: Protocol): void {
    this.births.installKernel(methods);
  }

  spawn<A, P extends Protocol>(
    by: Cell | undefined,
    definition: ActorDefinition<A, P>,
    args: A,
    options: LinkedSpawnOptions,
  ): Promise<ActorRef<P>> {
    return this.births.spawn(by, definition, args, options);
  }

  /** Starts an actor here; of its `startTimeout`, `spent` milliseconds are over. */
  spawnHere(
    definition: ActorDefinition<never, Protocol>,
    args: unknown,
    options: SpawnOptions,
    bonds: Bonds,
    spent?: number,
  ): Promise<ActorId> {
    return this.births.spawnHere(definition, args, options, bonds, spent);
  }

  // ------------------------------------------------------------ deaths

  /** Asks `id` to stop; after `timeout` ms (default 5 000) it is killed. Gives how it ended. */
  stop(
    id: ActorId,
    options?: { readonly reason?: ExitReason; readonly timeout?: number },
  ): Promise<ExitReason> {
    return this.deaths.stop(id, options);
  }

  /** Ends `id` without its consent. Gives how it ended. */
  kill(id: ActorId): Promise<ExitReason> {
    return this.deaths.kill(id);
  }

  /** Settles with the reason of `id`'s end. */
  down(id: ActorId): Promise<ExitReason> {
    return this.monitoring.down(id);
  }

  /** Ends every actor and settles every ask. */
  async close(): Promise<void> {
    const { cells } = this;
    for (const cell of cells) cell.kill(KILLED);
    await Promise.all(cells.map((cell) => cell.ended));
    this.base.closed = true;
    this.#closing.abort(new SystemClosedError("The system was shut down"));
    this.out.asks.abandonAll(new Error("the system was shut down"));
    this.out.outflow.clear();
  }

  event(kind: string, cell: Cell | undefined, data: Readonly<Record<string, unknown>>): void {
    this.base.event(kind, cell, data);
  }
}
