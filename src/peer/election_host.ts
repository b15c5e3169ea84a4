import type { ActorContext, Random } from "../actor/mod.ts";
import type {
  Change,
  Config,
  Effect,
  Event,
  Message,
  RecordRead,
  Settings,
  State,
  StepFunction,
  TraceEvent,
} from "../election/mod.ts";
import {
  firstRecord,
  initialState,
  isServing,
  leaseUntil,
  readMessage,
  resolveOptions,
  stepOf,
} from "../election/mod.ts";
import type { PeerArgs } from "./args.ts";
import { uriOf } from "./args.ts";
import type { MessageEvent } from "./asked_pre_votes.ts";
import { AskedPreVotes } from "./asked_pre_votes.ts";
import type { ElectionView } from "./election_view.ts";
import { viewOf } from "./election_view.ts";
import { ElectorateChanges } from "./electorate_changes.ts";
import { NotLostError } from "./errors.ts";
import type { Following } from "./following.ts";
import { nextLag } from "./lag_meter.ts";
import type { StateFile } from "./state_file.ts";
import { TrackerNames } from "./tracker_names.ts";
import { VoteMemory } from "./vote_memory.ts";
import { VoteWrites } from "./vote_writes.ts";
import { newVoterId, peerOf } from "./voter_id.ts";

/** What the election needs of its peer. */
export interface ElectionPorts {
  /** Sends `message` of the voter `from` to the peer `to`; `cause` as in {@linkcode ElectionHost.cause}. */
  send(to: string, from: string, message: Message, cause: string | undefined): void;
  /** The other peers that can be reached. */
  others(): Iterable<string>;
  /** Role, epoch or tracker changed. */
  changed(view: ElectionView): void;
}

/** Runs the pure election in an actor: carries out its effects, in order. Decides nothing. */
export class ElectionHost {
  readonly uri: string;
  readonly incarnation: number;
  readonly #ctx: ActorContext;
  readonly #args: PeerArgs;
  readonly #file: StateFile;
  readonly #writes: VoteWrites;
  readonly #ports: ElectionPorts;
  readonly #names: TrackerNames;
  readonly #random: Random;
  readonly #step: StepFunction;
  readonly #changes = new ElectorateChanges();
  readonly #votes = new VoteMemory();
  readonly #asked = new AskedPreVotes();
  /** Stands for every draw until the next epoch. */
  #timing: number | undefined;
  #boot: RecordRead;
  #cause: string | undefined;
  #state: State;
  #timer: Disposable | undefined;
  #lag = 0;

  /**
   * Reads the disk; the election itself begins with {@linkcode start}.
   *
   * @param step instead of the protocol's own: what a mutant does
   */
  static async boot(
    ctx: ActorContext,
    args: PeerArgs,
    file: StateFile,
    ports: ElectionPorts,
    step?: StepFunction,
  ): Promise<ElectionHost> {
    const { voter, disk } = await file.read(args.id);
    if (disk.kind === "ok") await file.ready();
    return new ElectionHost(ctx, args, voter, file, ports, disk, step);
  }

  private constructor(
    ctx: ActorContext,
    args: PeerArgs,
    voter: string,
    file: StateFile,
    ports: ElectionPorts,
    disk: RecordRead,
    step: StepFunction | undefined,
  ) {
    this.#ctx = ctx;
    this.#args = args;
    this.#file = file;
    this.#writes = new VoteWrites(file);
    this.#ports = ports;
    this.#boot = disk;
    this.uri = uriOf(args.id);
    this.incarnation = disk.kind === "ok" ? disk.record.incarnation + 1 : 0;
    this.#random = ctx.random.stream(`election ${this.incarnation}`);
    const { settings, warnings } = this.#settings(voter);
    for (const text of warnings) ctx.emit("election.warning", { peer: args.id, text });
    this.#state = initialState(settings);
    this.#step = step ?? stepOf(settings.protocol);
    this.#names = new TrackerNames(
      ctx,
      args.id,
      (epoch) => this.#handle({ kind: "registry_epoch", epoch }),
    );
  }

  #settings(voter: string): { settings: Settings; warnings: readonly string[] } {
    const { electorate, election } = this.#args;
    return resolveOptions({ peerId: voter, uri: this.uri, electorate, ...election });
  }

  get view(): ElectionView {
    return viewOf(this.#state, this.#votes.list);
  }

  /** The tracker this peer follows, with its epoch; itself if it is the one. */
  get following(): Following | undefined {
    const { tracker, epoch } = this.#state;
    return tracker === undefined ? undefined : { tracker: peerOf(tracker), epoch };
  }

  /** Whether this peer may answer as tracker now: its lease holds. */
  get serving(): boolean {
    return isServing(this.#state, this.#ctx.clock.now());
  }

  start(): void {
    this.#handle({ kind: "boot", disk: this.#boot });
    this.peersChanged();
  }

  /** What led to what happens now, where that is traced: the id of a message, or `timer`. */
  get cause(): string | undefined {
    return this.#cause;
  }

  /** @param mid the id of the message, where messages are traced */
  receive(from: string, message: unknown, mid?: string): void {
    const read = readMessage(message);
    if (read === undefined) {
      return this.#ctx.emit("election.refused", { peer: this.#args.id, from });
    }
    const event: MessageEvent = { kind: "message", from, message: read };
    if (this.#args.election.downDetector === true) this.#asked.note(event, mid);
    this.#handle(event, mid);
  }

  campaign(): void {
    this.#handle({ kind: "campaign" });
  }

  resign(): void {
    this.#handle({ kind: "resign" });
  }

  /** Until the next epoch, `part` (0 to 1) stands for every random draw; anything else: the draws are random again. */
  timing(part: number): void {
    this.#timing = part >= 0 && part < 1 ? part : undefined;
  }

  /** Peers came or went: those that do not vote hear the tracker as well, and without a quorum nobody needs to ask. */
  peersChanged(): void {
    const voting = new Set(this.#state.config.voters.map(peerOf));
    const others = [...this.#ports.others()];
    const learners = others.filter((peer) => !voting.has(peer));
    this.#handle({ kind: "learners", peers: learners });
    this.#handle({ kind: "reach", voters: others.length - learners.length });
  }

  /** The actor of `peer` has ended. */
  peerDown(peer: string): void {
    const { tracker } = this.#state;
    if (tracker === undefined || peerOf(tracker) !== peer) return;
    this.#handle({ kind: "peer_down", peer: tracker });
    for (const { event, mid } of this.#asked.take(this.#state.epoch)) this.#handle(event, mid);
  }

  /**
   * Changes the electorate by one voter; settles once a quorum holds it.
   *
   * @throws ElectorateError if this tracker may not, or is tracker no longer
   */
  reconfigure(change: Change): Promise<Config> {
    const agreed = this.#changes.wait(change);
    this.#handle({ kind: "reconfigure", change });
    return agreed;
  }

  /**
   * A peer that lost its disk begins again as a learner under a new voter id.
   *
   * @throws NotLostError
   */
  async renew(): Promise<string> {
    const { id } = this.#args;
    if (!this.#state.lost) throw new NotLostError(id);
    const voter = newVoterId(id, this.#ctx.clock);
    const record = { ...firstRecord(this.#args.electorate), config: this.#state.config };
    await this.#file.create(record, voter);
    if (!this.#state.lost) throw new NotLostError(id);
    this.#timer?.[Symbol.dispose]();
    this.#state = initialState(this.#settings(voter).settings);
    this.#boot = { kind: "ok", record };
    this.start();
    return voter;
  }

  /** Ends, a tracker with a word to its followers where that is `orderly`; settles when the disk has everything. */
  async stop(orderly: boolean): Promise<void> {
    if (orderly) this.#handle({ kind: "stop" });
    this.#timer?.[Symbol.dispose]();
    this.#changes.lost(this.#args.id);
    await this.#writes.close();
  }

  #handle(event: Event, cause?: string): void {
    this.#cause = cause;
    this.#advance(event);
    this.#cause = undefined;
  }

  #advance(event: Event): void {
    const now = this.#ctx.clock.now();
    const before = this.#state;
    const { state, effects } = this.#step(
      before,
      event,
      now,
      () => this.#timing ?? this.#random.next(),
    );
    this.#state = state;
    if (state.epoch !== before.epoch) this.#timing = undefined;
    if (before.role === "tracker" && state.role !== "tracker") this.#leftOffice(before, now);
    for (const effect of effects) this.#perform(effect);
    const { role, epoch, tracker } = before;
    if (role === state.role && epoch === state.epoch && tracker === state.tracker) return;
    this.#ports.changed(this.view);
  }

  /** Until when a tracker could serve is known only once it has left. */
  #leftOffice(before: State, now: number): void {
    const until = Math.min(now, leaseUntil(before));
    this.#tell("election.served", { epoch: before.epoch, until, lapsed: now - until });
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case "send":
        return this.#send(effect.to, effect.message);
      case "persist":
        return this.#persist(effect);
      case "timer":
        this.#timer?.[Symbol.dispose]();
        this.#timer = this.#ctx.after(this.#until(effect.at), () => this.#due(effect));
        return;
      case "register":
        return this.#names.claim(effect.epoch);
      case "unregister":
        return this.#names.withdraw(effect.epoch);
      case "emit":
        return this.#trace(effect.event);
    }
  }

  #send(to: string, message: Message): void {
    this.#ports.send(peerOf(to), this.#state.settings.peerId, message, this.#cause);
  }

  /** A tracker's heartbeats may come a little late; who fears for its tracker must be on time, or another asks as well. */
  #until(at: number): number {
    return Math.max(this.#state.role === "tracker" ? 1 : 0, at - this.#ctx.clock.now());
  }

  /** A timer that comes late tells that heartbeats may wait behind it, unread. */
  #due({ at, generation }: Effect & { kind: "timer" }): void {
    const late = this.#ctx.clock.now() - at;
    const lag = nextLag(this.#lag, late, this.#state.settings.timeoutMin);
    if (lag !== this.#lag) {
      this.#lag = lag;
      this.#handle({ kind: "lag", ms: lag });
    }
    this.#handle(
      { kind: "timer", generation },
      this.#args.traceMessages === true ? "timer" : undefined,
    );
  }

  #persist({ write, record, then }: Effect & { kind: "persist" }): void {
    const { incarnation } = record;
    const cause = this.#cause;
    this.#writes.add(record, this.#state.settings.peerId, (error) =>
      this.#ctx.post(() => {
        if (error !== undefined) {
          const why = error.message;
          return this.#handle({ kind: "persist_failed", write, incarnation, why }, cause);
        }
        this.#cause = cause;
        this.#tell("election.stored", { epoch: record.epoch, votedFor: record.votedFor });
        for (const { to, message } of then) this.#send(to, message);
        this.#handle({ kind: "persisted", write, incarnation }, cause);
      }));
  }

  /** Names the voter where it is not the peer: peers tell of one another by their voters. */
  #tell(kind: string, data: Readonly<Record<string, unknown>>): void {
    const { id } = this.#args;
    const voter = this.#state.settings.peerId;
    const cause = this.#cause;
    this.#ctx.emit(kind, {
      peer: id,
      ...(voter !== id && { voter }),
      ...data,
      ...(cause !== undefined && { cause }),
    });
  }

  #trace(event: TraceEvent): void {
    const { kind, ...data } = event;
    this.#tell(`election.${kind}`, data);
    switch (event.kind) {
      case "grant":
        return event.again ? undefined : this.#votes.add(event.epoch, peerOf(event.candidate));
      case "candidate":
        return this.#votes.add(event.epoch, this.#args.id);
      case "config":
        return this.#ctx.post(() => this.peersChanged());
      case "config_agreed":
        return this.#changes.agreed(event);
      case "config_refused":
        return this.#changes.refused(this.#args.id, event.change, event.why);
      case "unregister":
        return this.#changes.lost(this.#args.id);
    }
  }
}
