import { NEVER } from "../../election/mod.ts";
import { afterwards, beforehand } from "./mutate.ts";
import type { Mutant } from "./mutant.ts";

/** The lease counts from when an answer came, not from when its question left. */
export const leaseFromReceiveTime: Mutant = {
  name: "lease-from-receive-time",
  says: "a tracker counts its lease from when an answer arrives instead of when the heartbeat left",
  mutate: (step) => (state, event, now, rnd) => {
    if (event.kind !== "message" || event.message.kind !== "HB_R") {
      return step(state, event, now, rnd);
    }
    const { sent } = state;
    const { state: after, effects } = step(
      { ...state, sent: sent.map(() => now) },
      event,
      now,
      rnd,
    );
    return { state: after.role === "tracker" ? { ...after, sent } : after, effects };
  },
};

/** A restarted voter, which forgot its promise to a tracker, votes at once. */
export const noBootStickiness: Mutant = {
  name: "no-boot-stickiness",
  says: "a restarted peer votes at once, although it may have promised a tracker not to",
  mutate: afterwards((before, after) =>
    before.phase === "new" && after.phase === "up" ? { ...after, lastHeard: NEVER } : after
  ),
};

/** Nobody is true to the tracker it hears. */
export const noStickiness: Mutant = {
  name: "no-stickiness",
  says: "peers vote against a tracker that they still hear",
  mutate: beforehand((state, event) =>
    event.kind === "message" && (event.message.kind === "VOTE" || event.message.kind === "PREVOTE")
      ? { ...state, lastHeard: NEVER }
      : state
  ),
};

/** A tracker that no quorum answers stays in office. */
export const noCheckQuorum: Mutant = {
  name: "no-check-quorum",
  says: "a tracker that no quorum answers any more stays in office",
  mutate: beforehand((state, event, now) =>
    state.role === "tracker" && event.kind === "timer"
      ? { ...state, graceUntil: now + state.settings.timeoutMax }
      : state
  ),
};
