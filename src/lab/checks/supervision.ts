import type { Check } from "./check.ts";

/** No supervisor gave up: what was broken stayed within what it was made to mend. */
export const supervision: Check = {
  name: "supervision",
  says: "no supervisor exceeds its intensity of restarts",
  judge({ journal }) {
    const gaveUp = journal.filter(({ kind }) => kind === "supervisor.gave_up");
    const restarts = journal.filter(({ kind }) => kind === "supervisor.restart").length;
    const [first] = gaveUp;
    if (first === undefined) {
      return { verdict: "pass", message: `${restarts} restarts`, measured: restarts };
    }
    return {
      verdict: "fail",
      message: `a supervisor gave up after more than ${first.data?.["intensity"]} restarts`,
      evidence: gaveUp.map(({ seq }) => seq),
      culprit: "supervision",
    };
  },
};
