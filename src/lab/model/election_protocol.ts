import type {
  Effect,
  ElectionOptions,
  Event,
  Message,
  Outgoing,
  PeerId,
  RecordRead,
  Settings,
  State,
  Step,
  StepFunction,
} from "../../election/mod.ts";
import { firstRecord, initialState, resolveOptions } from "../../election/mod.ts";
import { conflictOf } from "./conflicts.ts";
import { checkStep } from "./local_rules.ts";
import {
  type Envelope,
  fewWrites,
  keyOf,
  type Local,
  READINGS,
  timeless,
  timelessMessage,
} from "./local_state.ts";
import type { Broken, Budget, Fault, Outcome, Protocol, Sent } from "./protocol.ts";
import { describeLocal, labelOf } from "./words.ts";

/** What is checked, and how far. */
export interface ElectionModel {
  readonly step: StepFunction;
  /** 1 to 26. */
  readonly peers: number;
  /** No epoch above this one is entered. */
  readonly epochs: number;
  readonly faults: Budget;
  /** Writes of one peer that are on their way to its disk at once and kept apart, from 1; see {@linkcode fewWrites}. */
  readonly writes: number;
  /** Only these invariants count; all unless given. */
  readonly invariants?: readonly string[] | undefined;
  /** Given to every peer. */
  readonly options?: Partial<ElectionOptions> | undefined;
}

/** Delays only: see {@linkcode timeless}. */
const draw = (): number => 0.5;

/**
 * An election as the model checker sees it, by the very step that runs.
 *
 * Three kinds of messages are kept, each for ever: VOTE, a granted VOTE_R, HB. The others are assumed to be on their way at any time,
 * whoever may or may not have sent them, which allows more than what can happen and so hides nothing:
 * - PREVOTE for the next epoch, of every peer; PREVOTE_R, granted, of every peer. So pre-votes may succeed at any time, and this model
 *   does not check that epochs rise by quorum-backed candidacies only (I8, first half; the trace checker does).
 * - a reply that tells of a higher epoch (refused VOTE_R, PREVOTE_R, HB_R), once somebody stood for that epoch.
 * - RESIGN, and the registry's word of a higher epoch, once somebody won that epoch. `peer_down` does what RESIGN does.
 * - HB_R of the same epoch feeds the lease alone, which the two readings of the clock stand for.
 *
 * A peer that is down or paused is one that nothing happens to; a crash loses what is on its way to the disk and starts anew.
 */
export class ElectionProtocol implements Protocol<Local> {
  readonly peers: number;
  readonly #model: ElectionModel;
  readonly #settings: readonly Settings[];
  readonly #envelopes = new Map<string, Message>();
  /** Per peer: what each message may be to it. */
  readonly #heard: readonly Map<Envelope, readonly Event[]>[];
  readonly #floors = new Map<Local, number>();

  constructor(model: ElectionModel) {
    this.#model = model;
    this.peers = model.peers;
    const electorate = Array.from({ length: model.peers }, (_, peer) => this.name(peer));
    this.#heard = electorate.map(() => new Map());
    this.#settings = electorate.map((peerId) =>
      resolveOptions({ peerId, uri: uriOf(peerId), electorate, ...model.options }).settings
    );
  }

  name(peer: number): PeerId {
    return String.fromCharCode(65 + peer);
  }

  key(local: Local): string {
    return keyOf(local);
  }

  describe(local: Local): string {
    return describeLocal(local);
  }

  conflict(a: Sent, b: Sent): Broken | undefined {
    return this.#counted(conflictOf(a as Envelope, b as Envelope, (peer) => this.name(peer)));
  }

  /** A peer that has just started for the first time, and wrote so. */
  start(peer: number): Local {
    const record = firstRecord(this.#settings[peer]!.electorate);
    const booted = this.#boot(peer, { kind: "ok", record }).local;
    return booted.writing.length === 0 ? booted : this.#written(peer, booted).local;
  }

  spontaneous(peer: number, local: Local): readonly Outcome<Local>[] {
    const outcomes = this.#events(peer, local).flatMap((events) =>
      this.#tryBoth(peer, local, events)
    );
    if (local.writing.length > 0) {
      outcomes.push(this.#written(peer, local));
      if (this.#model.faults.diskFault > 0) outcomes.push(this.#unwritten(peer, local));
    }
    const { restart, wipe } = this.#model.faults;
    if (restart > 0) outcomes.push(this.#fault("restart", this.#boot(peer, local.disk)));
    if (wipe > 0) outcomes.push(this.#fault("wipe", this.#boot(peer, { kind: "missing" })));
    return this.#within(outcomes);
  }

  delivered(peer: number, local: Local, sent: Sent): readonly Outcome<Local>[] {
    return this.#within(
      this.#eventsOf(peer, sent as Envelope).flatMap((event) =>
        this.#tryBoth(peer, local, [event])
      ),
    );
  }

  /** All that a message may be to a peer. */
  #eventsOf(peer: number, sent: Envelope): readonly Event[] {
    const known = this.#heard[peer]!.get(sent);
    if (known !== undefined) return known;
    const { from, to, message } = sent;
    const sender = this.name(from);
    const events: Event[] = (to >>> peer & 1) === 1
      ? [{ kind: "message", from: sender, message }]
      : [];
    if (peer !== from) events.push(...echoes(sender, message));
    this.#heard[peer]!.set(sent, events);
    return events;
  }

  /** Epochs never fall, but for a restart that goes back to the disk's, and a wipe that goes back to none. */
  isOver(peer: number, local: Local, sent: Sent): boolean {
    const { epoch } = (sent as Envelope).message;
    return epoch < this.#floorOf(peer, local);
  }

  #floorOf(peer: number, local: Local): number {
    const known = this.#floors.get(local);
    if (known !== undefined) return known;
    const { epoch } = this.#model.faults.wipe > 0 ? { epoch: 0 } : this.#model.step(
      initialState(this.#settings[peer]!),
      { kind: "boot", disk: local.disk },
      READINGS.early,
      draw,
    ).state;
    const floor = Math.min(local.state.epoch, epoch);
    this.#floors.set(local, floor);
    return floor;
  }

  /** What needs no message that is kept. Several events in one are one step. */
  #events(peer: number, { state }: Local): (readonly Event[])[] {
    if (state.phase !== "up") return [];
    const others = this.#others(peer);
    const events: (readonly Event[])[] = [
      [{ kind: "timer", generation: state.generation }],
      [{ kind: "campaign" }],
    ];
    for (const from of others) {
      events.push([{ kind: "message", from, message: preVote(from, state.epoch + 1) }]);
    }
    if (state.role === "precandidate") {
      events.push(others.map((from) => ({
        kind: "message",
        from,
        message: preVoteGrant(from, state.epoch),
      })));
    }
    return events;
  }

  #others(peer: number): PeerId[] {
    return this.#settings[peer]!.electorate.filter((_, other) => other !== peer);
  }

  #within(outcomes: readonly Outcome<Local>[]): Outcome<Local>[] {
    return outcomes.filter(({ local }) => local.state.epoch <= this.#model.epochs);
  }

  #tryBoth(peer: number, local: Local, events: readonly Event[]): Outcome<Local>[] {
    return [READINGS.early, READINGS.late].flatMap((now) =>
      this.#run(peer, local, events, now) ?? []
    );
  }

  /** One step for several events; undefined if nothing comes of it. */
  #run(
    peer: number,
    local: Local,
    events: readonly Event[],
    now: number,
  ): Outcome<Local> | undefined {
    let all: Outcome<Local> | undefined;
    for (const event of events) {
      const next = this.#step(peer, all?.local ?? local, event, now);
      if (next === undefined) continue;
      if (all === undefined) all = next;
      else {
        const { label, tags, sent, broken } = all;
        all = {
          ...next,
          sent: [...sent, ...next.sent],
          label: joined(label, next.label),
          tags: [...tags, ...next.tags],
          ...(broken && { broken }),
        };
      }
    }
    return all;
  }

  #step(peer: number, before: Local, event: Event, now: number): Outcome<Local> | undefined {
    const outcome = this.#model.step(before.state, event, now, draw);
    const idle = outcome.effects.length === 0 && isSameState(outcome.state, before.state);
    if (idle) return undefined;
    return this.#outcome(peer, before, before, event, outcome, []);
  }

  /** @param base what the disk holds and what is on its way there after the event, before its effects */
  #outcome(
    peer: number,
    before: Local,
    base: Local,
    event: Event,
    { state, effects }: Step,
    leaving: readonly Envelope[],
  ): Outcome<Local> {
    const writing = effects.flatMap((effect) =>
      effect.kind === "persist" ? [{ ...effect, then: this.#envelop(peer, effect.then) }] : []
    );
    const sends = effects.filter((effect) => effect.kind === "send");
    const sent = [...leaving, ...this.#envelop(peer, sends)];
    const same = base === before && writing.length === 0 && isSameState(state, before.state);
    const after = same ? before : timeless(fewWrites(
      { ...base, state, writing: [...base.writing, ...writing] },
      this.#model.writes,
    ));
    const broken = this.#counted(checkStep({
      before,
      after,
      event,
      effects,
      leaving: sent,
      uriOf,
      idOf: (other) => this.name(other),
    }));
    return {
      local: after,
      sent: sent.filter(({ message }) => isKept(message)),
      label: () => labelOf(event, effects, before.state),
      tags: tagsOf(effects),
      ...(broken && { broken }),
    };
  }

  /** The first write reaches the disk, and what waited for it leaves. */
  #written(peer: number, local: Local): Outcome<Local> {
    const [first, ...writing] = local.writing;
    const { write, record, then } = first!;
    const disk: RecordRead = { kind: "ok", record };
    const { incarnation } = local.state;
    const event: Event = { kind: "persisted", write, incarnation };
    const step = this.#model.step(local.state, event, READINGS.early, draw);
    return this.#outcome(peer, local, { ...local, disk, writing }, event, step, then);
  }

  #unwritten(peer: number, local: Local): Outcome<Local> {
    const [first, ...writing] = local.writing;
    const { incarnation } = local.state;
    const event: Event = { kind: "persist_failed", write: first!.write, incarnation, why: "disk" };
    const step = this.#model.step(local.state, event, READINGS.early, draw);
    return this.#fault(
      "diskFault",
      this.#outcome(peer, local, { ...local, writing }, event, step, []),
    );
  }

  #boot(peer: number, disk: RecordRead): Outcome<Local> {
    const state = initialState(this.#settings[peer]!);
    const before: Local = { state, disk, writing: [], doomed: false };
    const event: Event = { kind: "boot", disk };
    const step = this.#model.step(state, event, READINGS.early, draw);
    return this.#outcome(peer, before, before, event, step, []);
  }

  #fault(fault: Fault, outcome: Outcome<Local>): Outcome<Local> {
    return { ...outcome, fault };
  }

  #counted(broken: Broken | undefined): Broken | undefined {
    const { invariants } = this.#model;
    const counts = broken !== undefined && (invariants?.includes(broken.invariant) ?? true);
    return counts ? broken : undefined;
  }

  /** What one step sends: one envelope per text, whoever it is for. */
  #envelop(from: number, outgoing: readonly Outgoing[]): Envelope[] {
    const envelopes = new Map<string, Envelope>();
    for (const { to, message } of outgoing) {
      const plain = timelessMessage(message);
      const text = JSON.stringify(plain);
      const bit = 1 << this.#settings[from]!.electorate.indexOf(to);
      const known = envelopes.get(text);
      envelopes.set(text, {
        from,
        to: (known?.to ?? 0) | bit,
        public: hasEchoes(plain),
        text,
        message: this.#intern(text, plain),
      });
    }
    return [...envelopes.values()];
  }

  #intern(text: string, message: Message): Message {
    const known = this.#envelopes.get(text);
    if (known !== undefined) return known;
    this.#envelopes.set(text, message);
    return message;
  }
}

function joined(a: () => string, b: () => string): () => string {
  return () => [a(), b()].filter((text) => text !== "").join("; ");
}

function isSameState(a: State, b: State): boolean {
  for (const field in a) if (a[field as keyof State] !== b[field as keyof State]) return false;
  return true;
}

function uriOf(peer: PeerId): string {
  return `peer://${peer}`;
}

function isKept(message: Message): boolean {
  return message.kind === "VOTE" || message.kind === "HB" ||
    (message.kind === "VOTE_R" && message.granted);
}

function hasEchoes({ kind }: Message): boolean {
  return kind === "VOTE" || kind === "HB";
}

/** What else may reach anybody once `message` was sent. */
function echoes(from: PeerId, message: Message): Event[] {
  const { epoch } = message;
  const common = commonOf(from, epoch);
  if (message.kind === "VOTE") {
    const reply: Message = {
      ...common,
      kind: "VOTE_R",
      granted: false,
      myEpoch: epoch,
      why: "voted",
    };
    return [{ kind: "message", from, message: reply }];
  }
  if (message.kind === "HB") {
    return [
      { kind: "message", from, message: { ...common, kind: "RESIGN" } },
      { kind: "registry_epoch", epoch },
    ];
  }
  return [];
}

function preVote(from: PeerId, epoch: number): Message {
  return { ...commonOf(from, epoch), kind: "PREVOTE" };
}

function preVoteGrant(from: PeerId, myEpoch: number): Message {
  return { ...commonOf(from, myEpoch + 1), kind: "PREVOTE_R", granted: true, myEpoch };
}

function commonOf(
  from: PeerId,
  epoch: number,
): Pick<Message, "epoch" | "uri" | "incarnation" | "configEpoch" | "configVersion"> {
  return { epoch, uri: uriOf(from), incarnation: 1, configEpoch: 0, configVersion: 1 };
}

function tagsOf(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => effect.kind === "emit" ? [effect.event.kind] : []);
}
