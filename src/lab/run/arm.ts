import type { Random, SystemEvent } from "../../actor/mod.ts";
import type { Trigger } from "../scenario/schedule.ts";
import { draw } from "./draws.ts";
import { nextOnGrid, onGrid } from "./grid.ts";

/** What triggers need of a run. Times are ms from its start. */
export interface TriggerDesk {
  now(): number;
  at(time: number, fn: () => void): Disposable;
  hear(fn: (event: SystemEvent) => void): Disposable;
  /** What chance decides the `count`th time, from 1. */
  random(count: number): Random;
  /** Nothing fires after it. */
  readonly until: number;
}

/** Something that is due: the `count`th time, from 1, set off by `event` where one did. */
export type Fire = (count: number, event?: SystemEvent) => void;

/** Calls `fire` whenever `trigger` says; ends with the run or with what is given back. */
export function arm(trigger: Trigger, desk: TriggerDesk, fire: Fire): Disposable {
  if ("at" in trigger) return armAt(trigger, desk, fire);
  return "every" in trigger ? armEvery(trigger, desk, fire) : armEvent(trigger, desk, fire);
}

type Of<K extends string> = Extract<Trigger, { readonly [key in K]: unknown }>;

function armAt({ at }: Of<"at">, desk: TriggerDesk, fire: Fire): Disposable {
  const time = onGrid(draw(at, desk.random(1).stream("at")));
  return time <= desk.until ? desk.at(time, () => fire(1)) : nothing;
}

function armEvery(
  { every, from = 0, until }: Of<"every">,
  desk: TriggerDesk,
  fire: Fire,
): Disposable {
  const end = Math.min(until ?? Infinity, desk.until);
  let timer: Disposable | undefined;
  const next = (after: number, count: number): void => {
    const time = onGrid(after + draw(every, desk.random(count).stream("every")));
    timer = time > end ? undefined : desk.at(time, () => {
      next(time, count + 1);
      fire(count);
    });
  };
  next(from, 1);
  return { [Symbol.dispose]: () => timer?.[Symbol.dispose]() };
}

function armEvent(
  { event, nth = 1, where = {}, after }: Of<"event">,
  desk: TriggerDesk,
  fire: Fire,
): Disposable {
  let seen = 0;
  const fired = new Set<Disposable>();
  const hearing = desk.hear((happened) => {
    if (!isKind(happened.kind, event) || !fits(happened.data, where)) return;
    seen++;
    if (nth !== 0 && seen !== nth) return;
    const count = nth === 0 ? seen : 1;
    const wait = after === undefined ? 0 : draw(after, desk.random(count).stream("after"));
    // Never within the event itself: it is one step of its peer, and has to be over.
    const time = nextOnGrid(desk.now() + wait);
    if (time <= desk.until) fired.add(desk.at(time, () => fire(count, happened)));
  });
  return {
    [Symbol.dispose]() {
      hearing[Symbol.dispose]();
      for (const timer of fired) timer[Symbol.dispose]();
    },
  };
}

/** Whether `kind` is meant by `word`: events of elections may leave `election.` out. */
export function isKind(kind: string, word: string): boolean {
  return kind === word || kind === `election.${word}`;
}

/** Whether all fields of `where` are so in `data`. */
export function fits(
  data: Readonly<Record<string, unknown>>,
  where: Readonly<Record<string, unknown>>,
): boolean {
  return Object.entries(where).every(([key, value]) => data[key] === value);
}

const nothing: Disposable = { [Symbol.dispose]: () => {} };
