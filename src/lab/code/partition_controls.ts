import type { Who } from "../scenario/schedule.ts";
import type { Shape } from "../scenario/shapes.ts";
import type { FaultHandle } from "./controls.ts";
import type { Duration } from "./waits.ts";

/** Whom a shape is about, and how long it lasts. */
export interface ShapeOptions {
  readonly who?: Who;
  readonly for?: Duration;
}

/** The shapes that a network can be cut into. */
export interface PartitionControls {
  /** Two halves; `who` is in the smaller one. */
  halves(options?: ShapeOptions): Promise<FaultHandle>;
  /** `who`, one unless told, hears nobody. */
  isolate(options?: ShapeOptions): Promise<FaultHandle>;
  /** Two halves that both hear `who`, one by chance unless told. */
  bridge(options?: ShapeOptions): Promise<FaultHandle>;
  /** Everybody hears two neighbours. */
  ring(options?: ShapeOptions): Promise<FaultHandle>;
  /** A ring that is open at one place. */
  chain(options?: ShapeOptions): Promise<FaultHandle>;
  /** `who` hears the others, which do not hear it. */
  oneWay(options?: ShapeOptions): Promise<FaultHandle>;
  /** Messages pass within groups only; with `oneWay`, also from later groups to earlier ones. */
  groups(
    groups: readonly Who[],
    options?: { readonly oneWay?: boolean; readonly for?: Duration },
  ): Promise<FaultHandle>;
}

/** How a partition is made. */
type Make = (options: {
  readonly who?: Who;
  readonly for?: Duration | undefined;
  readonly with: Readonly<Record<string, unknown>>;
}) => Promise<FaultHandle>;

export function partitionControls(make: Make): PartitionControls {
  const shape = (name: Shape, fallback?: Who) => (options: ShapeOptions = {}) => {
    const who = options.who ?? fallback;
    return make({ for: options.for, with: { shape: name }, ...(who !== undefined && { who }) });
  };
  return {
    halves: shape("halves"),
    isolate: shape("isolate", "one"),
    bridge: shape("bridge"),
    ring: shape("ring"),
    chain: shape("chain"),
    oneWay: shape("one-way", "one"),
    groups: (groups, options = {}) => {
      const { oneWay } = options;
      return make({ for: options.for, with: { groups, ...(oneWay !== undefined && { oneWay }) } });
    },
  };
}
