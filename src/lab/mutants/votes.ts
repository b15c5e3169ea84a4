import { precedes } from "../../election/mod.ts";
import type { Effect, Event, State } from "../../election/mod.ts";
import { afterwards, beforehand, effectsOf } from "./mutate.ts";
import type { Mutant } from "./mutant.ts";

/** A vote for itself is given away to a smaller candidate, whatever has become of the candidacy since (against R5). */
export const cedeFromAnyRole: Mutant = {
  name: "cede-from-any-role",
  says: "a peer that voted for itself gives that vote away even after its candidacy is over",
  mutate: beforehand((state, event) =>
    state.votedFor === state.settings.peerId && state.role !== "learner" &&
      asksInEpoch(state, event)
      ? { ...state, role: "candidate", tally: [] }
      : state
  ),
  model: { peers: 3, epochs: 1 },
};

/** A candidate that gave its vote away goes on counting (against R4, I4). */
export const cedeWithoutWithdrawing: Mutant = {
  name: "cede-without-withdrawing",
  says: "a candidate that gave its vote to another goes on counting votes for itself",
  mutate: afterwards((before, after, effects) =>
    effects.some((effect) => effect.kind === "emit" && effect.event.kind === "cede")
      ? { ...after, role: "candidate", tally: before.tally }
      : after
  ),
  model: { peers: 3, epochs: 1 },
};

/** Votes leave before they are on disk (against R2): a crash in between, and the voter votes again. */
export const voteNotPersisted: Mutant = {
  name: "vote-not-persisted",
  says: "a vote is sent before it is on disk, so that a crash makes the voter forget it",
  mutate: effectsOf((effects) =>
    effects.flatMap((effect): readonly Effect[] =>
      effect.kind !== "persist" ? [effect] : [
        ...effect.then.map((outgoing) => ({ kind: "send", ...outgoing }) as const),
        { ...effect, then: [] },
      ]
    )
  ),
  model: { peers: 3, epochs: 1, restarts: 1 },
};

/** A vote is cleared when a role is left (against R5). */
export const voteClearedOnStepDown: Mutant = {
  name: "vote-cleared-on-step-down",
  says: "a candidate or tracker that steps down forgets whom it voted for in that epoch",
  mutate: afterwards((before, after, effects) => {
    const left = effects.some((effect) =>
      effect.kind === "emit" && effect.event.kind === "stepdown"
    );
    return left && after.epoch === before.epoch ? { ...after, votedFor: undefined } : after;
  }),
  model: { peers: 3, epochs: 1 },
};

/** A vote is cleared when a tracker is heard (against R3). */
export const voteClearedOnFollow: Mutant = {
  name: "vote-cleared-on-follow",
  says: "a peer that hears a tracker forgets whom it voted for in that epoch",
  mutate: afterwards((before, after) =>
    after.role === "follower" && after.tracker !== undefined && before.tracker !== after.tracker
      ? { ...after, votedFor: undefined }
      : after
  ),
  model: { peers: 3, epochs: 1 },
};

function asksInEpoch(state: State, event: Event): boolean {
  if (event.kind !== "message" || event.message.kind !== "VOTE") return false;
  const { from, message } = event;
  const { uri, peerId } = state.settings;
  return message.epoch === state.epoch && precedes(message.uri, from, uri, peerId);
}
