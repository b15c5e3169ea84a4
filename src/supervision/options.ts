import { InvalidOptionError } from "../actor/mod.ts";
import type { Backoff, CompleteBackoff } from "./backoff.ts";
import { checkBackoff, ladderLength } from "./backoff.ts";
import type { CompleteSpec } from "./spec.ts";

/** Whom a supervisor restarts when a child ended (§3.5): that child, all of them, or that child and those after it. */
export type Strategy = "one_for_one" | "one_for_all" | "rest_for_one";

/** When a supervisor ends because significant children ended by themselves (§3.9). */
export type AutoShutdown = "never" | "any_significant" | "all_significant";

/** What all supervisors have in common. */
export interface CommonOptions {
  /** Restarts that are tolerated within `periodMs`, from 0; default 1. One more, and the supervisor ends. */
  readonly intensity?: number;
  /** Milliseconds above 0; default 5 000. */
  readonly periodMs?: number;
  /** Default `never`. */
  readonly autoShutdown?: AutoShutdown;
  /** For children that have none of their own; default none: restarts are immediate. */
  readonly backoff?: Backoff;
}

/** Options of {@linkcode supervisor}. */
export interface SupervisorOptions extends CommonOptions {
  /** Default `one_for_one`. */
  readonly strategy?: Strategy;
}

/** Options of {@linkcode dynamicSupervisor}. */
export interface DynamicSupervisorOptions extends CommonOptions {
  /** Children at one time, those that are being restarted included; default Infinity. */
  readonly maxChildren?: number;
}

/** Options after {@linkcode checkOptions} or {@linkcode checkDynamicOptions}. */
export interface Flags {
  readonly strategy: Strategy | "simple_one_for_one";
  readonly intensity: number;
  readonly periodMs: number;
  readonly autoShutdown: AutoShutdown;
  readonly backoff: CompleteBackoff | undefined;
  readonly maxChildren: number;
}

const STRATEGIES: readonly string[] = ["one_for_one", "one_for_all", "rest_for_one"];
const AUTO_SHUTDOWNS: readonly string[] = ["never", "any_significant", "all_significant"];
const COMMON = ["intensity", "periodMs", "autoShutdown", "backoff"];

/**
 * `options` with their defaults: one_for_one, 1 restart in 5 000 ms, never.
 *
 * @throws InvalidOptionError naming the option and its value
 */
export function checkOptions(options: SupervisorOptions): Flags {
  checkKeys(options, ["strategy", ...COMMON]);
  const { strategy = "one_for_one" } = options;
  checkOneOf("strategy", strategy, STRATEGIES);
  return { ...checkCommon(options), strategy, maxChildren: Infinity };
}

/**
 * `options` with their defaults: 1 restart in 5 000 ms, never, any number of children.
 *
 * @throws InvalidOptionError naming the option and its value
 */
export function checkDynamicOptions(options: DynamicSupervisorOptions): Flags {
  checkKeys(options, ["maxChildren", ...COMMON]);
  const { maxChildren = Infinity } = options;
  if (maxChildren !== Infinity) {
    checkWhole("maxChildren", maxChildren, "children from 0, or Infinity");
  }
  return { ...checkCommon(options), strategy: "simple_one_for_one", maxChildren };
}

function checkCommon(options: CommonOptions): Omit<Flags, "strategy" | "maxChildren"> {
  const { intensity = 1, periodMs = 5_000, autoShutdown = "never", backoff } = options;
  checkWhole("intensity", intensity, "restarts from 0");
  if (typeof periodMs !== "number" || !Number.isFinite(periodMs) || periodMs <= 0) {
    throw new InvalidOptionError("periodMs", periodMs, "milliseconds above 0");
  }
  checkOneOf("autoShutdown", autoShutdown, AUTO_SHUTDOWNS);
  return {
    intensity,
    periodMs,
    autoShutdown,
    backoff: backoff === undefined ? undefined : checkBackoff(backoff, "backoff"),
  };
}

function checkKeys(options: object, known: readonly string[]): void {
  if (typeof options !== "object" || options === null) {
    throw new InvalidOptionError("options", options, "an object");
  }
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new InvalidOptionError("an option", key, `one of ${known.join(", ")}`);
    }
  }
}

function checkOneOf(field: string, value: unknown, known: readonly string[]): void {
  if (typeof value !== "string" || !known.includes(value)) {
    throw new InvalidOptionError(field, value, `one of ${known.join(", ")}`);
  }
}

function checkWhole(field: string, value: unknown, expected: string): void {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw new InvalidOptionError(field, value, expected);
  }
}

/** What is allowed and yet hardly meant; the supervisor says so in an event when it starts. */
export function advice(flags: Flags, specs: readonly CompleteSpec[]): string[] {
  return specs.flatMap((spec) => [...transientSupervisor(spec), ...shortIntensity(flags, spec)]);
}

function transientSupervisor(spec: CompleteSpec): string[] {
  if (spec.type !== "supervisor" || spec.restart !== "transient" || spec.significant) return [];
  return [
    `Child "${spec.id}" is a transient supervisor: when it gives up it ends with shutdown and is not restarted`,
  ];
}

function shortIntensity(flags: Flags, spec: CompleteSpec): string[] {
  const backoff = spec.backoff ?? flags.backoff;
  if (backoff === undefined || spec.restart === "temporary") return [];
  const needed = ladderLength(backoff, flags.periodMs);
  if (needed <= flags.intensity) return [];
  return [
    `The backoff of child "${spec.id}" makes up to ${needed} restarts in ${flags.periodMs} ms, ` +
    `but intensity is ${flags.intensity}: the supervisor gives up before the pauses grow`,
  ];
}
