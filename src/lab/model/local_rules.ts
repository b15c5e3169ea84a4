import type { Effect, Event, PeerId, State, TraceEvent } from "../../election/mod.ts";
import { FOREVER, majority, precedes } from "../../election/mod.ts";
import type { Envelope, Local } from "./local_state.ts";
import type { Broken } from "./protocol.ts";

/** One step of one peer, as its rules see it. */
export interface LocalStep {
  readonly before: Local;
  readonly after: Local;
  readonly event: Event;
  readonly effects: readonly Effect[];
  /** What leaves in this step: at once, or after the write that it reports. */
  readonly leaving: readonly Envelope[];
  readonly uriOf: (peer: PeerId) => string;
  readonly idOf: (peer: number) => PeerId;
}

/**
 * The invariants of §1.8 that one step of one peer can break. Two winners (I1) and two grants (I3) show in the set of messages, see
 * `conflicts.ts`.
 */
export function checkStep(step: LocalStep): Broken | undefined {
  for (const rule of RULES) {
    const broken = rule(step);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

type Rule = (step: LocalStep) => Broken | undefined;

const RULES: readonly Rule[] = [
  votesAreWrittenFirst,
  answersAreWrittenFirst,
  diskKeepsEpoch,
  diskKeepsVote,
  countsAreBacked,
  winsHaveQuorum,
  preVotesWriteNothing,
  followsWinners,
  staysAwake,
  noAlarm,
];

function broken(invariant: string, message: string): Broken {
  return { invariant, message };
}

/** I10, I2: a grant leaves when its vote is on disk. */
function votesAreWrittenFirst({ after, leaving, idOf }: LocalStep): Broken | undefined {
  if (after.disk.kind !== "ok") return undefined;
  const { record } = after.disk;
  const self = after.state.settings.peerId;
  for (const { to, message } of leaving) {
    if (message.kind !== "VOTE_R" || !message.granted || record.epoch > message.epoch) continue;
    const candidate = idOf(31 - Math.clz32(to));
    if (record.epoch === message.epoch && record.votedFor === candidate) continue;
    const votes = `epoch ${record.epoch}, vote for ${record.votedFor ?? "nobody"}`;
    return broken(
      "I10",
      `${self} grants ${candidate} epoch ${message.epoch} while its disk holds ${votes}`,
    );
  }
  return undefined;
}

/** I10: an answer to a heartbeat promises something in an epoch that must be on disk. */
function answersAreWrittenFirst({ after, effects }: LocalStep): Broken | undefined {
  const { disk, state } = after;
  if (disk.kind !== "ok" || state.role === "learner") return undefined;
  for (const effect of effects) {
    if (effect.kind !== "send" || effect.message.kind !== "HB_R") continue;
    const { epoch, myEpoch } = effect.message;
    if (myEpoch !== epoch || disk.record.epoch >= epoch) continue;
    return broken(
      "I10",
      `${state.settings.peerId} answers a heartbeat of epoch ${epoch} while its disk holds epoch ${disk.record.epoch}`,
    );
  }
  return undefined;
}

/** I5. */
function diskKeepsEpoch({ before, after }: LocalStep): Broken | undefined {
  if (before.disk.kind !== "ok" || after.disk.kind !== "ok") return undefined;
  const [from, to] = [before.disk.record.epoch, after.disk.record.epoch];
  if (to >= from) return undefined;
  return broken(
    "I5",
    `The disk of ${after.state.settings.peerId} goes from epoch ${from} back to ${to}`,
  );
}

/** I3: what is on disk for an epoch changes only from nobody to somebody, and once from itself to a smaller peer. */
function diskKeepsVote({ before, after, uriOf }: LocalStep): Broken | undefined {
  if (before.disk.kind !== "ok" || after.disk.kind !== "ok") return undefined;
  const [from, to] = [before.disk.record, after.disk.record];
  if (from.epoch !== to.epoch || from.votedFor === undefined || from.votedFor === to.votedFor) {
    return undefined;
  }
  const self = after.state.settings.peerId;
  const ceded = from.votedFor === self && to.votedFor !== undefined &&
    precedes(uriOf(to.votedFor), to.votedFor, uriOf(self), self);
  if (ceded) return undefined;
  return broken(
    "I3",
    `${self} voted for ${from.votedFor} in epoch ${from.epoch}, and then for ${
      to.votedFor ?? "nobody"
    }`,
  );
}

/** I4, I10, R6: a vote counts for a live candidate of that epoch, and one's own when it is on disk. */
function countsAreBacked({ before, after, event, effects }: LocalStep): Broken | undefined {
  const { role, votedFor, settings } = before.state;
  const self = settings.peerId;
  for (const count of traced(effects, "count")) {
    if (count.from === self) {
      const { disk } = after;
      const written = disk.kind === "ok" && disk.record.epoch === count.epoch &&
        disk.record.votedFor === self;
      if (!written) return broken("I10", `${self} counts its own vote before it is on disk`);
    }
    if (role !== "candidate" || votedFor !== self) {
      return broken(
        "I4",
        `${self} counts a vote of ${count.from}, being ${role} with its vote for ${
          votedFor ?? "nobody"
        }`,
      );
    }
    if (count.from === self) continue;
    const granted = event.kind === "message" && event.from === count.from &&
      event.message.kind === "VOTE_R" && event.message.granted &&
      event.message.epoch === count.epoch;
    if (!granted) {
      return broken(
        "I2",
        `${self} counts a vote of ${count.from} in epoch ${count.epoch} that it did not get`,
      );
    }
  }
  return undefined;
}

/** I2. */
function winsHaveQuorum({ before, effects }: LocalStep): Broken | undefined {
  for (const { epoch, tally } of traced(effects, "win")) {
    const { config, settings } = before.state;
    const backers = new Set(tally.filter((peer) => config.voters.includes(peer)));
    const needed = settings.unsafe && settings.quorum !== undefined
      ? settings.quorum
      : majority(config.voters.length);
    if (backers.size >= needed && backers.has(settings.peerId)) continue;
    return broken(
      "I2",
      `${settings.peerId} wins epoch ${epoch} with the votes of ${
        tally.join(", ")
      }: ${needed} voters were needed, itself among them`,
    );
  }
  return undefined;
}

/** I8. */
function preVotesWriteNothing({ before, after, event, effects }: LocalStep): Broken | undefined {
  if (event.kind !== "message" || event.message.kind !== "PREVOTE") return undefined;
  const unchanged = durablePart(before.state) === durablePart(after.state);
  if (unchanged && !effects.some(({ kind }) => kind === "persist")) return undefined;
  return broken("I8", `A pre-vote changes what ${after.state.settings.peerId} writes to disk`);
}

function durablePart({ epoch, votedFor }: State): string {
  return `${epoch} ${votedFor}`;
}

/** I9: only who says that it is tracker of an epoch is taken for it; it says so only once it has won. */
function followsWinners({ before, after, event }: LocalStep): Broken | undefined {
  const { tracker, epoch, settings, role } = after.state;
  const same = tracker === before.state.tracker && epoch === before.state.epoch;
  if (tracker === undefined || same) return undefined;
  const itself = tracker === settings.peerId && role === "tracker";
  const told = event.kind === "message" && event.message.kind === "HB" &&
    event.from === tracker && event.message.epoch === epoch;
  if (itself || told) return undefined;
  return broken("I9", `${settings.peerId} takes ${tracker} for tracker of epoch ${epoch} untold`);
}

/** L4: a voter that waits for nothing waits for ever. */
function staysAwake({ after: { state } }: LocalStep): Broken | undefined {
  if (state.phase !== "up" || state.role === "learner" || state.armed !== FOREVER) return undefined;
  return broken("L4", `${state.settings.peerId}, a ${state.role}, has no timer`);
}

/** The peer itself saw what must not be. */
function noAlarm({ effects }: LocalStep): Broken | undefined {
  for (const { invariant, epoch, peers } of traced(effects, "violation")) {
    return broken(invariant, `Two trackers of epoch ${epoch} were seen: ${peers.join(", ")}`);
  }
  return undefined;
}

/** What a step put into the trace, of one kind. */
export function traced<K extends TraceEvent["kind"]>(
  effects: readonly Effect[],
  kind: K,
): Extract<TraceEvent, { kind: K }>[] {
  return effects.flatMap((effect) =>
    effect.kind === "emit" && effect.event.kind === kind
      ? [effect.event as Extract<TraceEvent, { kind: K }>]
      : []
  );
}
