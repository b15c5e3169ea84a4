import type { ActorContext, Random } from "../actor/mod.ts";
import { toError } from "../actor/mod.ts";
import type {
  Effect,
  Event,
  Message,
  Outgoing,
  RecordRead,
  Role,
  State,
  StepFunction,
  TraceEvent,
} from "../election/mod.ts";
import {
  decodeRecord,
  describe,
  encodeRecord,
  initialState,
  isServing,
  readMessage,
  resolveOptions,
  stepOf,
} from "../election/mod.ts";
import type { PeerArgs } from "./args.ts";
import { uriOf } from "./args.ts";
import type { Following } from "./following.ts";
import type { StateFile } from "./state_file.ts";
import { TrackerNames } from "./tracker_names.ts";

/** Votes that are remembered for people to look at. */
const REMEMBERED_VOTES = 8;

/** What a peer knows of the election. */
export interface ElectionView {
  readonly role: Role;
  readonly epoch: number;
  readonly tracker: string | undefined;
  readonly votes: readonly { readonly epoch: number; readonly candidate: string }[];
  readonly candidacy:
    | { readonly epoch: number; readonly votes: number; readonly needed: number }
    | undefined;
}

/** What the election needs of its peer. */
export interface ElectionPorts {
  send(to: string, message: Message): void;
  /** Something of the view may have changed. */
  changed(view: ElectionView): void;
}

/** Runs the pure election in an actor: carries out its effects, in order. Decides nothing. */
export class ElectionHost {
  readonly uri: string;
  readonly incarnation: number;
  readonly #ctx: ActorContext;
  readonly #peer: string;
  readonly #file: StateFile;
  readonly #ports: ElectionPorts;
  readonly #names: TrackerNames;
  readonly #random: Random;
  readonly #step: StepFunction;
  #state: State;
  #timer: Disposable | undefined;
  /** Writes reach the disk one after the other, in the order asked for. */
  #writing: Promise<void> = Promise.resolve();
  #votes: readonly { readonly epoch: number; readonly candidate: string }[] = [];
  #boot: RecordRead;

  /** Reads the disk; the election itself begins with {@linkcode start}. */
  static async boot(
    ctx: ActorContext,
    args: PeerArgs,
    file: StateFile,
    ports: ElectionPorts,
  ): Promise<ElectionHost> {
    const disk = decodeRecord(await file.read(), args.id);
    return new ElectionHost(ctx, args, file, ports, disk);
  }

  private constructor(
    ctx: ActorContext,
    args: PeerArgs,
    file: StateFile,
    ports: ElectionPorts,
    disk: RecordRead,
  ) {
    const { id, electorate, election } = args;
    this.#ctx = ctx;
    this.#peer = id;
    this.#file = file;
    this.#ports = ports;
    this.#boot = disk;
    this.uri = uriOf(id);
    this.incarnation = disk.kind === "ok" ? disk.record.incarnation + 1 : 0;
    this.#random = ctx.random.stream(`election ${this.incarnation}`);
    const { settings, warnings } = resolveOptions({
      peerId: id,
      uri: this.uri,
      electorate,
      ...election,
    });
    for (const text of warnings) ctx.emit("election.warning", { peer: id, text });
    this.#step = stepOf(settings.protocol);
    this.#state = initialState(settings);
    this.#names = new TrackerNames(
      ctx,
      id,
      (epoch) => this.#handle({ kind: "registry_epoch", epoch }),
    );
  }

  get view(): ElectionView {
    const { role, epoch, tracker } = this.#state;
    return {
      role,
      epoch,
      tracker,
      votes: this.#votes,
      candidacy: describe(this.#state).candidacy,
    };
  }

  /** The tracker this peer follows, with its epoch; itself if it is the one. */
  get following(): Following | undefined {
    const { tracker, epoch } = this.#state;
    return tracker === undefined ? undefined : { tracker, epoch };
  }

  /** Whether this peer may answer as tracker now: its lease holds. */
  get serving(): boolean {
    return isServing(this.#state, this.#ctx.clock.now());
  }

  start(): void {
    this.#handle({ kind: "boot", disk: this.#boot });
  }

  receive(from: string, message: unknown): void {
    const read = readMessage(message);
    if (read !== undefined) return this.#handle({ kind: "message", from, message: read });
    this.#ctx.emit("election.refused", { peer: this.#peer, from });
  }

  campaign(): void {
    this.#handle({ kind: "campaign" });
  }

  resign(): void {
    this.#handle({ kind: "resign" });
  }

  /** Ends, a tracker with a word to its followers where that is `orderly`; settles when the disk has everything. */
  async stop(orderly: boolean): Promise<void> {
    if (orderly) this.#handle({ kind: "stop" });
    this.#timer?.[Symbol.dispose]();
    await this.#writing;
  }

  #handle(event: Event): void {
    const now = this.#ctx.clock.now();
    const { state, effects } = this.#step(this.#state, event, now, () => this.#random.next());
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    this.#ports.changed(this.view);
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case "send":
        return this.#ports.send(effect.to, effect.message);
      case "persist":
        this.#writing = this.#writing.then(() => this.#persist(effect));
        return;
      case "timer":
        this.#timer?.[Symbol.dispose]();
        this.#timer = this.#ctx.after(
          Math.max(0, effect.at - this.#ctx.clock.now()),
          () => this.#handle({ kind: "timer", generation: effect.generation }),
        );
        return;
      case "register":
        return this.#names.claim(effect.epoch);
      case "unregister":
        return this.#names.withdraw(effect.epoch);
      case "emit":
        return this.#trace(effect.event);
    }
  }

  /** Never rejects: a disk that fails is news for the election. */
  async #persist({ write, record, then }: Effect & { kind: "persist" }): Promise<void> {
    const { incarnation } = record;
    try {
      await this.#file.write(encodeRecord(record, this.#peer));
    } catch (error) {
      const why = toError(error).message;
      return this.#ctx.post(() =>
        this.#handle({ kind: "persist_failed", write, incarnation, why })
      );
    }
    this.#ctx.post(() => {
      this.#sendAll(then);
      this.#handle({ kind: "persisted", write, incarnation });
    });
  }

  #sendAll(messages: readonly Outgoing[]): void {
    for (const { to, message } of messages) this.#ports.send(to, message);
  }

  #trace(event: TraceEvent): void {
    const { kind, ...data } = event;
    if (event.kind === "grant" && !event.again) this.#remember(event.epoch, event.candidate);
    if (event.kind === "candidate") this.#remember(event.epoch, this.#peer);
    this.#ctx.emit(`election.${kind}`, { peer: this.#peer, ...data });
  }

  #remember(epoch: number, candidate: string): void {
    const others = this.#votes.filter((vote) => vote.epoch !== epoch);
    this.#votes = [{ epoch, candidate }, ...others].slice(0, REMEMBERED_VOTES);
  }
}
