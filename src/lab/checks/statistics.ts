import type { Failover, RunStats } from "../run/run_result.ts";
import type { Check } from "./check.ts";

/** The statistics that thresholds can be set on. */
export const STATISTICS: RegExp =
  /^(failover(\.(detect|prevote|vote|register|adopt|win|all|epochs))?\.(mean|max|min|p\d{1,2}(\.\d+)?|n)|spurious|epochs|unavailable|downloads\.(done|failed|bytes)|messages(\.[A-Za-z_]+)?)$/;

/** A threshold on a statistic of one run; over many runs, the samples of all of them count. */
export const statistic: Check = {
  name: "stat",
  says: "a statistic is below its threshold",
  judge({ stats }, { stat = "", op = "<", limit = 0 }) {
    return judgeStatistic([stats], stat, op, limit);
  },
};

/** The values of a statistic in several runs; of `failover` those of all failovers. */
export function valuesOf(runs: readonly RunStats[], stat: string): readonly number[] {
  const [head = "", part = "all"] = stat.split(".");
  switch (head) {
    case "failover": {
      const field = /^(mean|max|min|n|p\d)/.test(part) ? "all" : part as keyof Failover;
      return runs.flatMap(({ failovers }) => failovers.map((failover) => Number(failover[field])));
    }
    case "downloads":
      return runs.map(({ downloads }) => downloads[part as keyof RunStats["downloads"]]);
    case "messages":
      return runs.map(({ messages }) =>
        part === "all"
          ? Object.values(messages).reduce((sum, count) => sum + count, 0)
          : messages[part] ?? 0
      );
    default:
      return runs.map((run) => run[head as "spurious" | "epochs" | "unavailable"]);
  }
}

/** Whether a statistic over several runs keeps its threshold. */
export function judgeStatistic(
  runs: readonly RunStats[],
  stat: string,
  op: string,
  limit: number,
): ReturnType<Check["judge"]> {
  const values = valuesOf(runs, stat);
  const measured = reduced(values, stat.slice(stat.lastIndexOf(".") + 1));
  if (measured === undefined) {
    return { verdict: "inconclusive", message: `${stat}: no sample`, limit };
  }
  const holds = compare(measured, op, limit);
  const message = `${stat} is ${rounded(measured)} of ${values.length}`;
  return {
    verdict: holds ? "pass" : "fail",
    message,
    measured,
    limit,
    ...(!holds && { culprit: stat }),
  };
}

/** A mean, an extreme or a quantile (nearest rank); undefined without values. What is no such word takes the largest. */
function reduced(values: readonly number[], word: string): number | undefined {
  if (word === "n") return values.length;
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  if (word === "mean") return values.reduce((sum, value) => sum + value, 0) / values.length;
  if (word === "min") return sorted[0];
  const [, percent] = /^p(\d.*)$/.exec(word) ?? [];
  if (percent === undefined) return sorted.at(-1);
  return sorted[Math.max(0, Math.ceil(sorted.length * Number(percent) / 100) - 1)];
}

function compare(value: number, op: string, limit: number): boolean {
  switch (op) {
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
    default:
      return value === limit;
  }
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
