import {
  type DurableRecord,
  type Effect,
  type ElectionOptions,
  type Event,
  firstRecord,
  initialState,
  type Message,
  type RecordRead,
  resolveOptions,
  type State,
  stepOf,
  type TraceEvent,
} from "../../../src/election/mod.ts";

/** One peer, driven event by event. Its URI is `peer://<id>`, so that ids order it. */
export interface ByHand {
  readonly id: string;
  state: State;
  now: number;
  /** Effects of the last event. */
  effects: readonly Effect[];
  /** The record of the last write asked for. */
  record: DurableRecord;
  draw: () => number;
}

/** Fields that a message can do without in a test. */
export type Brief = Message extends infer M
  ? M extends Message ? Pick<M, "kind" | "epoch"> & Partial<M> : never
  : never;

export function makePeer(
  id: string,
  electorate: readonly string[],
  options: Partial<ElectionOptions> = {},
): ByHand {
  const { settings } = resolveOptions({ peerId: id, uri: `peer://${id}`, electorate, ...options });
  return {
    id,
    state: initialState(settings),
    now: 1000,
    effects: [],
    record: firstRecord(electorate),
    draw: () => 0.5,
  };
}

/** A peer that has waited long enough to owe nobody anything: a follower that ran before, with an empty vote. */
export function bootedPeer(
  id: string,
  electorate: readonly string[],
  options: Partial<ElectionOptions> & { readonly epoch?: number; readonly votedFor?: string } = {},
): ByHand {
  const { epoch = 0, votedFor, ...rest } = options;
  const peer = makePeer(id, electorate, rest);
  const record = { ...firstRecord(electorate), epoch, votedFor, incarnation: 1 };
  feed(peer, { kind: "boot", disk: { kind: "ok", record } });
  written(peer);
  peer.now += peer.state.settings.timeoutMin;
  return peer;
}

export function feed(peer: ByHand, event: Event): readonly Effect[] {
  const { state, effects } = stepOf(peer.state.settings.protocol)(
    peer.state,
    event,
    peer.now,
    () => peer.draw(),
  );
  peer.state = state;
  peer.effects = effects;
  for (const effect of effects) if (effect.kind === "persist") peer.record = effect.record;
  return effects;
}

export function boot(peer: ByHand, disk: RecordRead): readonly Effect[] {
  return feed(peer, { kind: "boot", disk });
}

export function receive(peer: ByHand, from: string, brief: Brief): readonly Effect[] {
  return feed(peer, { kind: "message", from, message: complete(from, brief) });
}

function complete(from: string, brief: Brief): Message {
  const common = { uri: `peer://${from}`, incarnation: 1, configEpoch: 0, configVersion: 1 };
  const rest = { seq: 1, granted: true, why: undefined, myEpoch: brief.epoch };
  return { ...rest, ...common, ...brief } as Message;
}

/** Lets the role's timeout come. */
export function timeOut(peer: ByHand): readonly Effect[] {
  peer.now = Math.max(peer.now, peer.state.deadline);
  return feed(peer, { kind: "timer", generation: peer.state.generation });
}

/** Lets the last write asked for reach the disk. */
export function written(peer: ByHand): readonly Effect[] {
  const { writes, incarnation } = peer.state;
  return feed(peer, { kind: "persisted", write: writes, incarnation });
}

/** A crash: what was written comes back, the rest is lost. Long enough ago that no promise binds. */
export function restarted(peer: ByHand, record: DurableRecord = peer.record): ByHand {
  const again = { ...peer, state: initialState(peer.state.settings) };
  boot(again, { kind: "ok", record });
  written(again);
  again.now += again.state.settings.timeoutMin;
  return again;
}

/** Pre-vote granted by `by`: a candidate of the next epoch whose own vote is not on disk yet. */
export function makeCandidate(peer: ByHand, by: readonly string[]): void {
  if (peer.state.role === "follower") timeOut(peer);
  for (const from of by) {
    const { epoch } = peer.state;
    if (peer.state.role !== "precandidate") return;
    receive(peer, from, { kind: "PREVOTE_R", epoch: epoch + 1, myEpoch: epoch });
  }
}

/** Pre-vote and vote granted by `by`: a tracker, if they are a quorum with itself. */
export function makeTracker(peer: ByHand, by: readonly string[]): void {
  makeCandidate(peer, by);
  written(peer);
  const { epoch } = peer.state;
  for (const from of by) receive(peer, from, { kind: "VOTE_R", epoch });
}

/** Messages sent at once. */
export function sent(peer: ByHand): readonly { readonly to: string; readonly message: Message }[] {
  return peer.effects.flatMap((effect) => effect.kind === "send" ? [effect] : []);
}

/** Messages that wait for a write. */
export function sentAfterWrite(
  peer: ByHand,
): readonly { readonly to: string; readonly message: Message }[] {
  return peer.effects.flatMap((effect) => effect.kind === "persist" ? effect.then : []);
}

export function traced<K extends TraceEvent["kind"]>(
  peer: ByHand,
  kind: K,
): readonly Extract<TraceEvent, { kind: K }>[] {
  return peer.effects.flatMap((effect) =>
    effect.kind === "emit" && effect.event.kind === kind
      ? [effect.event as Extract<TraceEvent, { kind: K }>]
      : []
  );
}

/** Why the last vote or pre-vote was refused; undefined if none was. */
export function denied(peer: ByHand): string | undefined {
  return traced(peer, "deny")[0]?.why;
}
