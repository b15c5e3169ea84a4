import type { Protocol } from "./protocol.ts";
import { seedLiteralStep } from "./seed_literal.ts";
import { step } from "./step.ts";
import type { StepFunction } from "./stepping.ts";

const STEPS: Readonly<Record<Protocol, StepFunction>> = {
  troupe: step,
  "seed-literal": seedLiteralStep,
};

/**
 * The step of a protocol.
 *
 * @example
 * ```ts
 * const { state: next, effects } = stepOf(settings.protocol)(state, event, clock.now(), random.next);
 * ```
 */
export function stepOf(protocol: Protocol): StepFunction {
  return STEPS[protocol];
}
