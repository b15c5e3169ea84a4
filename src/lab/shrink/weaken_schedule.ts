import type { PlannedFault, PlannedWork, Schedule, Trigger, Who } from "../scenario/schedule.ts";
import type { Cuts } from "../scenario/shapes.ts";
import type { Weaker } from "./weaken_fault.ts";
import { longest } from "./weaken_fault.ts";

/** Fewer peers elect nobody in an interesting way. */
const FEWEST = 3;
const PEERS = 5;
/** Ms of a run that go on after its last fault at the least. */
const TAIL = 10;

/** Ways in which a schedule could be simpler as a whole, the boldest first. */
export function* weakerSchedules(schedule: Schedule): Iterable<Weaker<Schedule>> {
  yield* fewerPeers(schedule);
  yield* plainerCluster(schedule);
  yield* shorterRun(schedule);
  yield* earlierFaults(schedule);
  yield* rounderTimes(schedule);
}

function* fewerPeers(schedule: Schedule): Iterable<Weaker<Schedule>> {
  const { peers = PEERS } = schedule.cluster;
  for (const count of new Set([FEWEST, Math.ceil((FEWEST + peers) / 2), peers - 1])) {
    if (count < FEWEST || count >= peers) continue;
    const smaller = withPeers(schedule, count);
    if (smaller !== undefined) yield { what: `${count} peers for ${peers}`, item: smaller };
  }
}

/** Without what strikes only those that are gone; undefined if that is nothing any more. */
function withPeers(schedule: Schedule, count: number): Schedule | undefined {
  const here = (peer: string): boolean => {
    const number = /^(?:peer-)?(\d+)$/.exec(peer)?.[1];
    return number === undefined || Number(number) <= count;
  };
  const left = (who: Who): Who => typeof who === "string" ? who : who.filter(here);
  const faults = schedule.faults.flatMap((fault): PlannedFault[] => {
    const who = fault.who === undefined ? undefined : left(fault.who);
    const gone = typeof who === "string" ? !here(who) : who?.length === 0;
    const details = { ...fault.with };
    if (Array.isArray(details["to"])) details["to"] = details["to"].filter(here);
    const cuts = details["cuts"] as Cuts | undefined;
    if (cuts !== undefined) {
      details["cuts"] = cuts.map(([from, to]) => [from, to.filter(here)] as const)
        .filter(([from, to]) => here(from) && to.length > 0);
      if ((details["cuts"] as Cuts).length === 0) return [];
    } else if (gone && fault.verb !== "partition") return [];
    return [{ ...fault, ...(who !== undefined && { who }), with: details }];
  });
  const work = schedule.work.filter(({ who }) => who === undefined || left(who).length > 0);
  const { voters, files, ...cluster } = schedule.cluster;
  return {
    ...schedule,
    faults,
    work,
    cluster: {
      ...cluster,
      peers: count,
      ...(voters !== undefined && { voters: Math.min(voters, count) }),
      ...(files && { files: { ...files, holders: Math.min(files.holders ?? 1, count) } }),
    },
  };
}

function* plainerCluster(schedule: Schedule): Iterable<Weaker<Schedule>> {
  const { cluster } = schedule;
  const without = (name: keyof Schedule["cluster"]): Schedule => {
    const { [name]: _gone, ...rest } = cluster;
    return { ...schedule, cluster: rest };
  };
  if (cluster.files !== undefined && schedule.work.length === 0) {
    yield { what: "no files", item: without("files") };
  }
  if (cluster.latency !== undefined) yield { what: "usual latency", item: without("latency") };
  if (cluster.downDetector) yield { what: "no down detector", item: without("downDetector") };
  if (cluster.profile !== undefined && cluster.profile !== "default") {
    yield { what: "usual timers", item: without("profile") };
  }
}

function* shorterRun(schedule: Schedule): Iterable<Weaker<Schedule>> {
  const ends = schedule.faults.map((fault) =>
    (timeOf(fault.when) ?? schedule.until) + (longest(fault.for) ?? 0)
  );
  const last = Math.ceil(Math.max(0, ...ends)) + TAIL;
  const half = Math.ceil(schedule.until / 2);
  for (const until of new Set([last, half, Math.ceil(schedule.until * 0.8)])) {
    if (until < last || until >= schedule.until) continue;
    yield { what: `until ${schedule.until} -> ${until} ms`, item: { ...schedule, until } };
  }
}

/** Moves all to the start, then everything after each gap closer. */
function* earlierFaults(schedule: Schedule): Iterable<Weaker<Schedule>> {
  const times = schedule.faults.map(({ when }) => timeOf(when));
  if (times.length === 0 || times.some((time) => time === undefined)) return;
  const ascending = [...new Set(times as number[])].sort((a, b) => a - b);
  let before = 0;
  for (const time of ascending) {
    const gap = time - before;
    for (const less of [0, gap / 4, gap / 2]) {
      const earlier = gap - Math.round(less);
      if (earlier < 1 || earlier > gap) continue;
      yield {
        what: `from ${round(time)} ms on ${round(earlier)} ms earlier`,
        item: moved(schedule, time, earlier),
      };
    }
    before = time;
  }
}

function moved(schedule: Schedule, from: number, earlier: number): Schedule {
  const move = <T extends PlannedFault | PlannedWork>(item: T): T => {
    const time = timeOf(item.when);
    if (time === undefined || time < from) return item;
    return { ...item, when: { at: Math.max(0, time - earlier) } };
  };
  return { ...schedule, faults: schedule.faults.map(move), work: schedule.work.map(move) };
}

/** Whole milliseconds are easier to read. */
function* rounderTimes(schedule: Schedule): Iterable<Weaker<Schedule>> {
  const rounded = (ms: number): number => Math.round(ms);
  const rough = schedule.faults.some(({ when, for: lasts }) =>
    [timeOf(when) ?? 0, longest(lasts) ?? 0].some((ms) => ms !== rounded(ms))
  );
  if (!rough) return;
  const faults = schedule.faults.map((fault): PlannedFault => {
    const time = timeOf(fault.when);
    const lasts = longest(fault.for);
    return {
      ...fault,
      ...(time !== undefined && { when: { at: rounded(time) } }),
      ...(lasts !== undefined && { for: Math.max(1, rounded(lasts)) }),
    };
  });
  yield { what: "whole milliseconds", item: { ...schedule, faults } };
}

function timeOf(when: Trigger): number | undefined {
  return "at" in when && typeof when.at === "number" ? when.at : undefined;
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
