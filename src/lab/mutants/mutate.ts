import type { Effect, Event, State, StepFunction } from "../../election/mod.ts";
import type { Mutant } from "./mutant.ts";

/** Lets the rules see another state than there is. */
export function beforehand(
  change: (state: State, event: Event, now: number) => State,
): Mutant["mutate"] {
  return (step) => (state, event, now, rnd) => step(change(state, event, now), event, now, rnd);
}

/** Changes the state that the rules came to. */
export function afterwards(
  change: (before: State, after: State, effects: readonly Effect[]) => State,
): Mutant["mutate"] {
  return (step) => (state, event, now, rnd) => {
    const { state: after, effects } = step(state, event, now, rnd);
    return { state: change(state, after, effects), effects };
  };
}

/** Changes what the rules ask for. */
export function effectsOf(
  change: (effects: readonly Effect[]) => readonly Effect[],
): Mutant["mutate"] {
  return (step: StepFunction): StepFunction => (state, event, now, rnd) => {
    const { state: after, effects } = step(state, event, now, rnd);
    return { state: after, effects: change(effects) };
  };
}
