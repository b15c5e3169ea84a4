import { INVARIANT_NAMES } from "../checks/elections.ts";
import { readDuration, readSizes, readSpan } from "./quantities.ts";
import type { FilePlanned, FileWho, ScenarioFile } from "./scenario_file.ts";
import type {
  ClusterPlan,
  PlannedCheck,
  PlannedFault,
  PlannedWork,
  Schedule,
  ScheduledVerb,
  Span,
  Trigger,
  Who,
} from "./schedule.ts";
import { readThreshold } from "./threshold.ts";

/** Ms that a scenario lasts, and that a cluster gets to recover, unless told. */
const UNTIL = 10_000;
const QUIET = 5_000;

/** What is demanded of a scenario that demands nothing itself: a safe election, and a tracker at the end. */
export const DEMANDED: readonly PlannedCheck[] = [
  ...Object.keys(INVARIANT_NAMES).map((check) => ({ check })),
  { check: "agreed" },
];

/** The schedule that a scenario file comes to. The file is valid. */
export function toSchedule(file: ScenarioFile): Schedule {
  const { scenario, teaches, cluster = {}, faults = [], work = [], until, quiet, fails } = file;
  return {
    v: 1,
    name: scenario,
    ...(teaches !== undefined && { teaches }),
    cluster: clusterOf(cluster),
    faults: faults.map(faultOf),
    work: work.map(workOf),
    checks: checksOf(file),
    until: until === undefined ? UNTIL : readDuration(until),
    quiet: quiet === undefined ? QUIET : readDuration(quiet),
    ...(fails !== undefined && { fails }),
  };
}

function clusterOf(
  { timers, files, latency, "down-detector": downDetector, ...rest }: NonNullable<
    ScenarioFile["cluster"]
  >,
): ClusterPlan {
  const timeout = timers?.timeout === undefined ? undefined : readSpan(timers.timeout);
  const { min, max } = typeof timeout === "number" ? { min: timeout, max: timeout } : timeout ?? {};
  return {
    ...rest,
    ...(downDetector !== undefined && { downDetector }),
    ...(timers !== undefined && {
      timers: {
        ...(timers.heartbeat !== undefined && { heartbeat: readDuration(timers.heartbeat) }),
        ...(min !== undefined && { timeoutMin: min }),
        ...(max !== undefined && { timeoutMax: max }),
      },
    }),
    ...(files !== undefined && {
      files: {
        perPeer: files["per-peer"],
        size: readSizes(files.size),
        ...(files.holders !== undefined && { holders: files.holders }),
      },
    }),
    ...(latency !== undefined && { latency: readSpan(latency) }),
  };
}

function triggerOf({ at, when, from, until }: FilePlanned): Trigger {
  if (when !== undefined) {
    const { event, nth, where, after } = when;
    return {
      event,
      ...(nth !== undefined && { nth }),
      ...(where !== undefined && { where }),
      ...(after !== undefined && { after: readSpan(after) }),
    };
  }
  const [, every] = /^every\s+(.*)$/.exec(String(at)) ?? [];
  if (every === undefined) return { at: readSpan(at ?? 0) };
  return {
    every: readSpan(every),
    ...(from !== undefined && { from: readDuration(from) }),
    ...(until !== undefined && { until: readDuration(until) }),
  };
}

function whoOf(who: FileWho): Who {
  return typeof who === "object" ? who.map(String) : String(who);
}

function faultOf(planned: FilePlanned, index: number): PlannedFault {
  const { do: word, id = `f${index + 1}`, who, for: lasts } = planned;
  const { verb, details } = meaningOf(word, planned);
  return {
    id,
    when: triggerOf(planned),
    verb,
    ...(who !== undefined && { who: whoOf(who) }),
    ...(lasts !== undefined && { for: readSpan(lasts) }),
    ...(Object.keys(details).length > 0 && { with: details }),
  };
}

/** What a word of the file is called in schedules, with its details. */
function meaningOf(
  word: string,
  planned: FilePlanned,
): { readonly verb: ScheduledVerb; readonly details: Readonly<Record<string, unknown>> } {
  const { do: _do, id: _id, at: _at, when: _when, from: _from, until: _until, ...more } = planned;
  const { who: _who, for: _for, weight: _weight, ...own } = more;
  const ms = (key: string): number | undefined =>
    own[key] === undefined ? undefined : readDuration(own[key] as string | number);
  switch (word) {
    case "slow":
      return { verb: "slow", details: { ms: ms("by") } };
    case "partition": {
      const { "one-way": oneWay, groups, shape, cuts } = own;
      return {
        verb: "partition",
        details: given({
          shape: shape === "cuts" ? undefined : shape,
          groups: (groups as readonly FileWho[] | undefined)?.map(whoOf),
          oneWay,
          cuts,
        }),
      };
    }
    case "link":
      return {
        verb: "link",
        details: given({
          to: own["to"] === undefined ? undefined : whoOf(own["to"] as FileWho),
          both: own["both"],
          delay: ms("delay"),
          jitter: ms("jitter"),
          loss: own["loss"],
          duplication: own["duplicate"],
          reordering: own["reorder"],
          blocked: own["block"],
          held: own["hold"],
        }),
      };
    case "disk": {
      const fault = own["fault"];
      if (fault === "torn") return { verb: "tear", details: {} };
      if (fault === "slow") return { verb: "disk", details: { slow: ms("by") ?? SLOW_DISK } };
      return { verb: "disk", details: { [DISK_WORDS[String(fault)] ?? "failing"]: true } };
    }
    case "clock":
      return {
        verb: "clock",
        details: given({ rate: own["rate"], jump: ms("jump"), skew: ms("skew") }),
      };
    case "add-voter":
      return { verb: "addVoter", details: {} };
    case "remove-voter":
      return { verb: "removeVoter", details: {} };
    case "nemesis":
      return {
        verb: "nemesis",
        details: { mix: (own["mix"] as readonly FilePlanned[]).map(mixed) },
      };
    case "undo": {
      const { faults } = own;
      return {
        verb: "undo",
        details: faults === undefined
          ? {}
          : { faults: typeof faults === "string" ? [faults] : faults },
      };
    }
    default:
      return { verb: word as ScheduledVerb, details: given(own) };
  }
}

/** Ms that operations of a slow disk take longer, unless told. */
const SLOW_DISK = 50;
const DISK_WORDS: Readonly<Record<string, string>> = {
  fail: "failing",
  full: "full",
  stall: "stalled",
};

function mixed(entry: FilePlanned): Readonly<Record<string, unknown>> {
  const { verb, details } = meaningOf(entry.do, entry);
  const { who, weight, for: lasts } = entry;
  return given({
    verb,
    weight,
    who: who === undefined ? undefined : whoOf(who),
    for: lasts === undefined ? undefined : readSpan(lasts),
    with: Object.keys(details).length > 0 ? details : undefined,
  });
}

function workOf(planned: FilePlanned, index: number): PlannedWork {
  const { do: word, id = `w${index + 1}`, who, file, files, query, size } = planned;
  const details = given({
    file: file ?? query,
    files,
    size: size === undefined ? undefined : readSizes(size as string | number) satisfies Span,
  });
  const work = word === "add-file" ? "addFile" : word === "remove-file" ? "removeFile" : word;
  return {
    id,
    when: triggerOf(planned),
    work: work as PlannedWork["work"],
    ...(who !== undefined && { who: whoOf(who) }),
    ...(Object.keys(details).length > 0 && { with: details }),
  };
}

function checksOf({ expect, fails }: ScenarioFile): readonly PlannedCheck[] {
  if (expect === undefined) return fails === undefined ? DEMANDED : [{ check: fails }];
  const { always = [], eventually = {}, stats = {} } = expect;
  const checks: PlannedCheck[] = [
    ...always.map((check) => ({ check })),
    ...Object.entries(eventually).map(([check, within]) => ({
      check,
      within: readDuration(within),
    })),
    ...Object.entries(stats).map(([stat, threshold]) => ({
      check: "stat",
      stat,
      ...readThreshold(threshold)!,
    })),
  ];
  if (fails !== undefined && !checks.some(({ check }) => check === fails)) {
    checks.push({ check: fails });
  }
  return checks;
}

/** The fields that have a value. */
function given(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
