import type { PlannedFault, Span, Who } from "../scenario/schedule.ts";
import type { Cuts } from "../scenario/shapes.ts";

/** A fault that does less, and what was changed. */
export interface Weaker<T> {
  readonly what: string;
  readonly item: T;
}

/** Numbers of `with` that say how bad a fault is: nothing and half are milder. */
const STRENGTHS = [
  "delay",
  "jitter",
  "loss",
  "duplication",
  "reordering",
  "slow",
  "ms",
  "jump",
  "skew",
];
/** Flags of `with` that make it worse. */
const FLAGS = ["both", "stalled", "failing", "full", "blocked", "held"];
/** Ms under which a time is short enough. */
const SHORT = 5;

/** Ways in which `fault` could do less, the boldest first. */
export function* weakerFaults(fault: PlannedFault): Iterable<Weaker<PlannedFault>> {
  const say = (what: string, change: Partial<PlannedFault>): Weaker<PlannedFault> => ({
    what: `${fault.id}: ${what}`,
    item: { ...fault, ...change },
  });
  yield* fewerPeers(fault, say);
  yield* simplerVerb(fault, say);
  yield* milder(fault, say);
  yield* fewerCuts(fault, say);
  yield* shorter(fault, say);
}

type Say = (what: string, change: Partial<PlannedFault>) => Weaker<PlannedFault>;

function* fewerPeers({ who }: PlannedFault, say: Say): Iterable<Weaker<PlannedFault>> {
  if (!Array.isArray(who) || who.length < 2) return;
  for (const peer of who as readonly string[]) {
    const left = (who as readonly string[]).filter((other) => other !== peer);
    yield say(`without ${peer}`, { who: left as Who });
  }
}

/** A crash is the plainest way to lose a peer. */
function* simplerVerb(fault: PlannedFault, say: Say): Iterable<Weaker<PlannedFault>> {
  const { how, ...rest } = fault.with ?? {};
  if (fault.verb === "crash" && how !== undefined && how !== "terminate") {
    yield say(`terminate for ${how}`, { with: rest });
  }
  if (fault.verb === "wipe" || fault.verb === "tear" || fault.verb === "restart") {
    yield say(`crash for ${fault.verb}`, { verb: "crash" });
  }
}

function* milder(fault: PlannedFault, say: Say): Iterable<Weaker<PlannedFault>> {
  const { with: details = {} } = fault;
  for (const name of [...STRENGTHS, ...FLAGS]) {
    const value = details[name];
    if (value === undefined || value === 0 || value === false) continue;
    const { [name]: _gone, ...rest } = details;
    // A fault that does nothing at all is left out elsewhere.
    if (doesSomething(fault, rest)) yield say(`no ${name}`, { with: rest });
    if (typeof value !== "number") continue;
    const half = value > 2 ? Math.round(value / 2) : Math.round(value * 50) / 100;
    if (half > 0 && half < value) {
      yield say(`${name} ${value} -> ${half}`, { with: { ...rest, [name]: half } });
    }
  }
}

function doesSomething(
  { verb }: PlannedFault,
  details: Readonly<Record<string, unknown>>,
): boolean {
  if (verb !== "link" && verb !== "disk" && verb !== "slow" && verb !== "clock") return true;
  return [...STRENGTHS, ...FLAGS, "rate"].some((name) => name !== "both" && details[name]);
}

function* fewerCuts(
  { with: details = {} }: PlannedFault,
  say: Say,
): Iterable<Weaker<PlannedFault>> {
  const cuts = details["cuts"] as Cuts | undefined;
  if (cuts === undefined) return;
  const { shape: _shape, groups: _groups, ...rest } = details;
  for (const [from] of cuts.length > 1 ? cuts : []) {
    const left = cuts.filter(([other]) => other !== from);
    yield say(`${from} is heard`, { with: { ...rest, cuts: left } });
  }
  for (const [from, to] of cuts) {
    for (const peer of to.length > 1 ? to : []) {
      const left = cuts.map(([other, all]) =>
        other === from ? [other, all.filter((one) => one !== peer)] as const : [other, all] as const
      );
      yield say(`${peer} hears ${from}`, { with: { ...rest, cuts: left } });
    }
  }
}

function* shorter({ for: lasts }: PlannedFault, say: Say): Iterable<Weaker<PlannedFault>> {
  const ms = longest(lasts);
  if (ms === undefined || ms <= SHORT) return;
  for (const less of [ms / 10, ms / 2, ms * 0.8]) {
    const whole = Math.max(SHORT, Math.round(less));
    if (whole < ms) yield say(`for ${round(ms)} -> ${whole} ms`, { for: whole });
  }
}

/** A span as one number: its longest. */
export function longest(span: Span | undefined): number | undefined {
  return typeof span === "object" ? span.max : span;
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
