import type { Check } from "./check.ts";

/** Every file that was asked for came, and is what was shared. */
export const downloads: Check = {
  name: "downloads",
  says: "every file that was asked for is there at the end, bit by bit as it was shared",
  judge({ downloads: all }) {
    if (all.length === 0) return { verdict: "inconclusive", message: "nothing was downloaded" };
    const damaged = all.filter(({ intact }) => intact === false);
    const lost = all.filter(({ done }) => done === undefined);
    const [first] = [...damaged, ...lost];
    if (first === undefined) {
      const again = all.filter(({ attempts }) => attempts > 1).length;
      const resumed = all.filter(({ resumed = 0 }) => resumed > 0).length;
      return {
        verdict: "pass",
        message:
          `${all.length} files came, ${again} of them at a second attempt, ${resumed} resumed`,
        measured: all.length,
      };
    }
    const { peer, name, intact, failed = "still under way" } = first;
    const what = intact === false ? "is not what was shared" : failed;
    return {
      verdict: "fail",
      message:
        `${damaged.length} damaged, ${lost.length} of ${all.length} missing: ${name} at ${peer}: ${what}`,
      measured: damaged.length + lost.length,
      culprit: intact === false ? "download damaged" : "download lost",
    };
  },
};
