import type { Effect, Event, Message, State, TraceEvent } from "../../election/mod.ts";
import type { Local } from "./local_state.ts";

/** One step of a peer in words, as `hears VOTE(1) of B: votes for B in epoch 1`. Empty if nothing was asked and nothing done. */
export function labelOf(event: Event, effects: readonly Effect[], before: State): string {
  const done = effects.flatMap((effect) => effect.kind === "emit" ? phrase(effect.event) : []);
  const what = happened(event, before);
  return done.length === 0 ? what : `${what}: ${done.join(", ")}`;
}

function happened(event: Event, before: State): string {
  switch (event.kind) {
    case "boot":
      return event.disk.kind === "ok" ? "starts" : `starts with its disk ${event.disk.kind}`;
    case "timer":
      return before.role === "tracker" ? "looks at its lease" : "times out";
    case "message":
      return `hears ${messageName(event.message)} of ${event.from}`;
    case "persisted":
      return "has it on disk";
    case "persist_failed":
      return "cannot write";
    case "campaign":
      return "is told to hold an election";
    case "registry_epoch":
      return `reads epoch ${event.epoch} in the registry`;
    default:
      return event.kind;
  }
}

function messageName(message: Message): string {
  const { kind, epoch } = message;
  switch (kind) {
    case "VOTE_R":
      return message.granted
        ? `a grant of epoch ${epoch}`
        : `a refusal, in epoch ${message.myEpoch},`;
    case "PREVOTE_R":
      return `a pre-vote for epoch ${epoch}`;
    default:
      return `${kind}(${epoch})`;
  }
}

/** What a reader wants to know of a step; nothing for what follows from the rest. */
function phrase(event: TraceEvent): string[] {
  switch (event.kind) {
    case "prevote":
      return [`asks for pre-votes for epoch ${event.epoch}`];
    case "yield":
      return [`leaves the field to ${event.to}`];
    case "candidate":
      return [`stands for epoch ${event.epoch}, votes for itself, sends VOTE(${event.epoch})`];
    case "grant":
      return [
        `${event.again ? "grants again" : "votes for"} ${event.candidate} in epoch ${event.epoch}`,
      ];
    case "deny":
      return event.request === "vote" ? [`refuses (${event.why})`] : [];
    case "cede":
      return [`CEDES its own vote to ${event.to}`];
    case "count":
      return [`counts ${event.from}'s vote, ${event.votes} of ${event.needed}`];
    case "win":
      return [`is TRACKER of epoch ${event.epoch} with ${event.tally.join(", ")}`];
    case "stepdown":
      return [`steps down as ${event.role} (${event.why})`];
    case "adopt":
      return [`takes over epoch ${event.epoch}`];
    case "follow":
      return [`follows ${event.tracker}`];
    case "forget":
      return [`forgets its tracker ${event.tracker}`];
    case "learner":
      return ["is a learner"];
    case "violation":
      return [`sees two trackers: ${event.peers.join(", ")}`];
    default:
      return [];
  }
}

/** What a peer believes, as `candidate of 1, voted A, counts A; disk 1 A`. */
export function describeLocal({ state, disk, writing, doomed }: Local): string {
  const { role, epoch, votedFor, tracker, tally, settings } = state;
  const parts = [`${role} of ${epoch}`];
  if (votedFor !== undefined) parts.push(`voted ${votedFor}`);
  if (tracker !== undefined && tracker !== settings.peerId) parts.push(`follows ${tracker}`);
  if (tally.length > 0) parts.push(`counts ${tally.join("+")}`);
  const held = disk.kind === "ok"
    ? `${disk.record.epoch} ${disk.record.votedFor ?? "-"}`
    : disk.kind;
  const more = doomed
    ? ", all writes stuck"
    : writing.length === 0
    ? ""
    : `, writing ${writing.length}`;
  return `${parts.join(", ")}; disk ${held}${more}`;
}
