import type { Check } from "./check.ts";

/** L1: with all undone, and everybody reachable, one tracker is agreed on before long. */
export const agreed: Check = {
  name: "agreed",
  says: "all peers that are up agree on one tracker soon after the last fault is undone",
  timed: true,
  judge({ recovery, schedule }, { within = schedule.quiet }) {
    const { agreedAt, healedAt, view } = recovery;
    if (agreedAt === undefined) {
      const who = view.map(({ id, role, epoch, tracker }) =>
        `${id} ${role} of epoch ${epoch}, ${
          tracker === undefined ? "no tracker" : `follows ${tracker}`
        }`
      );
      return {
        verdict: "fail",
        message: `no agreement within ${within} ms: ${who.join("; ")}`,
        limit: within,
        culprit: "L1",
      };
    }
    const took = Math.max(0, agreedAt - healedAt);
    const message = `agreed ${Math.round(took)} ms after the last fault was undone`;
    return took <= within
      ? { verdict: "pass", message, measured: took, limit: within }
      : { verdict: "fail", message, measured: took, limit: within, culprit: "L1" };
  },
};
