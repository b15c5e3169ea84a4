import { CHECKS } from "../checks/judge.ts";
import { WHO_WORDS } from "../run/targets.ts";
import { METRICS, statOf } from "../statistics/mod.ts";
import { meant } from "./explain.ts";
import type { Fault, Path } from "./problem.ts";
import { pathText } from "./problem.ts";
import type { FilePlanned, FileWho, ScenarioFile } from "./scenario_file.ts";
import { readThreshold } from "./threshold.ts";

/** What is wrong although every value has the right form: names of nothing, twice the same id. */
export function senseOf(file: ScenarioFile): Fault[] {
  return [...checksOf(file), ...plannedOf(file, "faults"), ...plannedOf(file, "work")];
}

function checksOf({ expect = {}, fails }: ScenarioFile): Fault[] {
  const known = [...CHECKS.keys()].filter((name) => name !== "stat");
  const faults: Fault[] = [];
  const check = (name: string, path: Path, key: boolean): void => {
    if (known.includes(name)) return;
    faults.push({
      path,
      key,
      message: `${pathText(path)}: there is no check "${name}"${meant(name, known)}`,
    });
  };
  expect.always?.forEach((name, i) => check(name, ["expect", "always", i], false));
  for (const name of Object.keys(expect.eventually ?? {})) {
    check(name, ["expect", "eventually", name], true);
  }
  if (fails !== undefined) check(fails, ["fails"], false);
  for (const [stat, threshold] of Object.entries(expect.stats ?? {})) {
    const path = ["expect", "stats", stat];
    if (!isStatistic(stat)) {
      const known = METRICS.map(({ name }) => name);
      const near = meant(stat.replace(/\.(p[\d.]+|mean|min|max|sum|n)$/, ""), known);
      faults.push({
        path,
        key: true,
        message: `expect.stats: there is no statistic "${stat}"${near}`,
      });
    }
    if (readThreshold(threshold) === undefined) {
      const message =
        `expect.stats.${stat} is "${threshold}", expected such as "< 500ms" or ">= 3"`;
      faults.push({ path, message });
    }
  }
  return faults;
}

function plannedOf(file: ScenarioFile, list: "faults" | "work"): Fault[] {
  const { peers = 5 } = file.cluster ?? {};
  const faults: Fault[] = [];
  const ids = new Set<string>();
  const who = (words: FileWho | undefined, path: Path): void => {
    const isList = typeof words === "object";
    (isList ? words : words === undefined ? [] : [words]).forEach((word, i) => {
      const wrong = wrongTarget(String(word), peers);
      if (wrong === undefined) return;
      const where = isList ? [...path, i] : path;
      faults.push({ path: where, message: `${pathText(where)} is "${word}"${wrong}` });
    });
  };
  const planned = (entry: FilePlanned, path: Path): void => {
    who(entry.who, [...path, "who"]);
    who(entry["to"] as FileWho | undefined, [...path, "to"]);
    const { groups, mix } = entry as { groups?: readonly FileWho[]; mix?: readonly FilePlanned[] };
    groups?.forEach((group, i) => who(group, [...path, "groups", i]));
    mix?.forEach((other, i) => planned(other, [...path, "mix", i]));
  };
  file[list]?.forEach((entry, i) => {
    const path = [list, i];
    const id = entry.id ?? `${list === "faults" ? "f" : "w"}${i + 1}`;
    if (ids.has(id)) {
      faults.push({ path: [...path, "id"], message: `${pathText(path)}: the id "${id}" is taken` });
    }
    ids.add(id);
    planned(entry, path);
  });
  return faults;
}

/** What is wrong about a target, behind its name; undefined if nothing is. */
function wrongTarget(word: string, peers: number): string | undefined {
  if (word.startsWith("@event.")) return undefined;
  const [, number] = /^(?:peer-)?(\d+)$/.exec(word) ?? [];
  if (number !== undefined) {
    return Number(number) >= 1 && Number(number) <= peers
      ? undefined
      : `, expected one of peer-1 to peer-${peers}`;
  }
  return (WHO_WORDS as readonly string[]).includes(word) ? undefined : meant(word, WHO_WORDS);
}

function isStatistic(name: string): boolean {
  try {
    return statOf(name) !== undefined;
  } catch {
    return false;
  }
}
