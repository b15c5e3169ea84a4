import { statOf } from "../statistics/mod.ts";
import { CHECK_TOPICS } from "./check_topics.ts";
import type { Topic } from "./topic.ts";

/** Every check and every mutant. */
export const TOPICS: readonly Topic[] = CHECK_TOPICS;

/** What `name` is: a topic by its name or another word for it, or a statistic; undefined if nothing is called that. */
export function explain(name: string): Topic | undefined {
  const word = name.toLowerCase();
  const found = TOPICS.find((topic) =>
    [topic.name, ...topic.also ?? []].some((known) => known.toLowerCase() === word)
  );
  return found ?? statistic(name);
}

function statistic(name: string): Topic | undefined {
  try {
    const { metric } = statOf(name);
    return {
      kind: "statistic",
      name,
      says: `a statistic: ${metric.says}, in ${metric.unit}`,
      more: [
        'In a scenario: `expect: { stats: { failover.all.p99: "< 500ms" } }`.',
        "A metric's name is followed by mean, min, max, sum, n or a percentile, as p99.",
      ],
    };
  } catch {
    return undefined;
  }
}
