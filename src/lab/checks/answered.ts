import type { Check } from "./check.ts";

/** Nothing waits for an answer that never comes. */
export const answered: Check = {
  name: "answered",
  says: "at the end no ask is without its answer",
  judge({ recovery }) {
    const waiting = Object.entries(recovery.pending);
    const count = waiting.reduce((sum, [, asks]) => sum + asks, 0);
    if (count === 0) return { verdict: "pass", message: "all asks are answered" };
    const where = waiting.map(([node, asks]) => `${asks} of ${node}`).join(", ");
    return {
      verdict: "fail",
      message: `${count} without an answer: ${where}`,
      measured: count,
      culprit: "ask",
    };
  },
};
