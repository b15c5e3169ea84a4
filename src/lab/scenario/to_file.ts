import { writeDuration, writeSizes, writeSpan } from "./quantities.ts";
import type { FilePlanned, ScenarioFile } from "./scenario_file.ts";
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

/** What a verb's details are, whatever they are called where. */
type Details = Readonly<Record<string, unknown>>;

/**
 * The scenario file that comes to `schedule`: what `toSchedule` reads, written.
 *
 * @param seed with which it is run in simulation unless told otherwise
 */
export function toFile(schedule: Schedule, seed?: number): ScenarioFile {
  const { name, teaches, cluster, faults, work, checks, until, quiet, fails } = schedule;
  return given({
    scenario: name,
    teaches,
    cluster: clusterOf(cluster),
    faults: faults.length > 0 ? faults.map(faultOf) : undefined,
    work: work.length > 0 ? work.map(workOf) : undefined,
    until: writeDuration(until),
    quiet: writeDuration(quiet),
    expect: expectOf(checks),
    fails,
    runs: seed === undefined ? undefined : { seeds: seed, mode: "sim" },
  }) as unknown as ScenarioFile;
}

function clusterOf({ timers, files, latency, downDetector, ...rest }: ClusterPlan): Details {
  const { heartbeat, timeoutMin: min, timeoutMax: max } = timers ?? {};
  const timeout = min !== undefined && max !== undefined ? { min, max } : min ?? max;
  return given({
    ...rest,
    "down-detector": downDetector,
    timers: timers && given({
      heartbeat: heartbeat === undefined ? undefined : writeDuration(heartbeat),
      timeout: timeout === undefined ? undefined : writeSpan(timeout),
    }),
    files: files && given({
      "per-peer": files.perPeer,
      size: writeSizes(files.size),
      holders: files.holders,
    }),
    latency: latency === undefined ? undefined : writeSpan(latency),
  });
}

function whenOf(when: Trigger): Details {
  if ("at" in when) return { at: writeSpan(when.at) };
  if ("every" in when) {
    const { every, from, until } = when;
    return given({
      at: `every ${writeSpan(every)}`,
      from: from === undefined ? undefined : writeDuration(from),
      until: until === undefined ? undefined : writeDuration(until),
    });
  }
  const { after, ...event } = when;
  return { when: given({ ...event, after: after === undefined ? undefined : writeSpan(after) }) };
}

function faultOf(
  { id, when, verb, who, for: lasts, with: details = {} }: PlannedFault,
): FilePlanned {
  return given({
    id,
    ...whenOf(when),
    ...wordOf(verb, details),
    who,
    for: lasts === undefined ? undefined : writeSpan(lasts),
  }) as FilePlanned;
}

/** A verb and its details, as files call them. */
function wordOf(verb: ScheduledVerb, details: Details): Details {
  const duration = (key: string): string | undefined =>
    details[key] === undefined ? undefined : writeDuration(Number(details[key]));
  switch (verb) {
    case "slow":
      return { do: "slow", by: duration("ms") };
    case "partition":
      return partitionOf(details);
    case "link":
      return {
        do: "link",
        to: details["to"],
        both: details["both"],
        delay: duration("delay"),
        jitter: duration("jitter"),
        loss: details["loss"],
        duplicate: details["duplication"],
        reorder: details["reordering"],
        block: details["blocked"],
        hold: details["held"],
      };
    case "tear":
      return { do: "disk", fault: "torn" };
    case "disk":
      return { do: "disk", fault: diskWord(details), by: duration("slow") };
    case "clock":
      return { do: "clock", rate: details["rate"], jump: duration("jump"), skew: duration("skew") };
    case "addVoter":
      return { do: "add-voter" };
    case "removeVoter":
      return { do: "remove-voter" };
    case "nemesis":
      return { do: "nemesis", mix: (details["mix"] as readonly Mixed[]).map(mixed) };
    default:
      return { do: verb, ...details };
  }
}

/** What was resolved once is said by its cuts alone. */
function partitionOf({ shape, groups, oneWay, cuts }: Details): Details {
  if (cuts !== undefined) return { do: "partition", shape: "cuts", cuts };
  return { do: "partition", shape, groups, "one-way": oneWay };
}

function diskWord(details: Details): string {
  if (details["slow"] !== undefined) return "slow";
  if (details["full"] === true) return "full";
  return details["stalled"] === true ? "stall" : "fail";
}

interface Mixed {
  readonly verb: ScheduledVerb;
  readonly weight?: number;
  readonly who?: Who;
  readonly for?: Span;
  readonly with?: Details;
}

function mixed({ verb, weight, who, for: lasts, with: details = {} }: Mixed): Details {
  return given({
    ...wordOf(verb, details),
    weight,
    who,
    for: lasts === undefined ? undefined : writeSpan(lasts),
  });
}

function workOf({ id, when, work, who, with: details = {} }: PlannedWork): FilePlanned {
  const { file, size, ...rest } = details;
  const word = work === "addFile" ? "add-file" : work === "removeFile" ? "remove-file" : work;
  return given({
    id,
    ...whenOf(when),
    do: word,
    who,
    [work === "search" ? "query" : "file"]: file,
    size: size === undefined ? undefined : writeSizes(size as Span),
    ...rest,
  }) as FilePlanned;
}

function expectOf(checks: readonly PlannedCheck[]): Details {
  const timed = checks.filter(({ within }) => within !== undefined);
  const stats = checks.filter(({ check }) => check === "stat");
  const always = checks.filter(({ check, within }) => check !== "stat" && within === undefined);
  return given({
    always: always.length > 0 ? always.map(({ check }) => check) : undefined,
    eventually: timed.length > 0
      ? Object.fromEntries(timed.map(({ check, within }) => [check, writeDuration(within!)]))
      : undefined,
    stats: stats.length > 0
      ? Object.fromEntries(stats.map(({ stat, op, limit }) => [stat, `${op} ${limit}`]))
      : undefined,
  });
}

/** The fields that have a value. */
function given(fields: Details): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
