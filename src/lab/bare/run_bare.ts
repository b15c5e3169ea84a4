import type { SystemEvent } from "../../actor/mod.ts";
import type { StepFunction } from "../../election/mod.ts";
import type { Observed } from "../invariants/mod.ts";
import { INVARIANTS } from "../invariants/mod.ts";
import { arm } from "../run/arm.ts";
import { drawsOf } from "../run/draws.ts";
import { FaultError } from "../run/errors.ts";
import { resolveFault } from "../run/resolve_fault.ts";
import type { PlannedFault, Schedule } from "../scenario/schedule.ts";
import { BareCluster } from "./bare_cluster.ts";
import { carryOut, type Ending } from "./carry_out.ts";

/** Ms in which a first tracker is expected; without one the run begins all the same. */
const WARM_UP = 5_000;

/** What an election can break. */
const CULPRITS: readonly string[] = [...INVARIANTS.map(({ id }) => id), "L1"];

/**
 * Runs a schedule on bare elections: the election's own steps with links, disks and crashes, and no actors around them; some thousand runs a
 * second. Gives what broke first: an invariant (`I1` to `I10`), or `L1`, agreement on a tracker within the schedule's quiet.
 * Files and work are left out, and so is what breaks before the run begins. What is seen differs from the same seed's run with actors in its details, not in kind.
 *
 * @param step the rules that the peers elect by
 * @param culprits what is looked for; all of them unless told
 */
export function runBare(
  schedule: Schedule,
  seed: string,
  step: StepFunction,
  culprits: readonly string[] = CULPRITS,
): string | undefined {
  return new BareRun(schedule, seed, step, culprits).play();
}

class BareRun {
  readonly #schedule: Schedule;
  readonly #seed: string;
  readonly #culprits: readonly string[];
  readonly #cluster: BareCluster;
  /** What lasts, by the planned fault. */
  readonly #lasting = new Map<object, { readonly planned: string; readonly end: Ending }>();
  #start = 0;

  constructor(
    schedule: Schedule,
    seed: string,
    step: StepFunction,
    culprits: readonly string[],
  ) {
    this.#schedule = schedule;
    this.#seed = seed;
    this.#culprits = culprits;
    this.#cluster = new BareCluster(schedule.cluster, seed, step, culprits);
  }

  play(): string | undefined {
    const { until, quiet, faults } = this.#schedule;
    const cluster = this.#cluster;
    const { world } = cluster;
    const broken = (): boolean => world.violations.length > 0 && this.#first !== undefined;
    world.startAll();
    world.runUntil(() => cluster.agreed, WARM_UP);
    this.#start = Math.ceil(world.now);
    world.run(this.#start);
    // No fault has had a part in what broke before; and bare peers start all at once, which those with actors do not.
    if (broken()) return undefined;
    const hearing = this.#hearing();
    for (const fault of faults) this.#arm(fault, hearing);
    if (world.runUntil(broken, until)) return this.#first;
    for (const { end } of [...this.#lasting.values()].reverse()) end();
    this.#lasting.clear();
    const agreed = world.runUntil(() => broken() || cluster.agreed, quiet);
    return this.#first ?? (!agreed && this.#culprits.includes("L1") ? "L1" : undefined);
  }

  /** Bare elections watch a few rules more than those that are asked for. */
  get #first(): string | undefined {
    return this.#cluster.world.violations.find(({ invariant }) =>
      this.#culprits.includes(invariant)
    )?.invariant;
  }

  #arm(fault: PlannedFault, hear: (fn: (event: SystemEvent) => void) => Disposable): void {
    const { world } = this.#cluster;
    arm(fault.when, {
      now: () => world.now - this.#start,
      at: (time, fn) => this.#at(time, fn),
      hear,
      random: (count) => drawsOf(this.#seed, fault.id, count),
      until: this.#schedule.until,
    }, (count, event) => this.#fire(fault, count, event));
  }

  #fire(fault: PlannedFault, count: number, event: SystemEvent | undefined): void {
    if (fault.verb === "undo") {
      const ids = fault.with?.["faults"] as readonly string[] | undefined;
      for (const [key, { planned }] of this.#lasting) {
        if (ids?.includes(planned) ?? true) this.#end(key);
      }
      return;
    }
    let resolved;
    try {
      const random = drawsOf(this.#seed, fault.id, count);
      resolved = resolveFault(fault, this.#cluster.view(), event, random);
    } catch (error) {
      // Nobody was there to be struck.
      if (error instanceof FaultError) return;
      throw error;
    }
    const end = carryOut(this.#cluster, resolved);
    if (end === undefined) return;
    const key = {};
    this.#lasting.set(key, { planned: fault.id, end });
    if (resolved.for === undefined) return;
    this.#at(this.#cluster.world.now - this.#start + resolved.for, () => this.#end(key));
  }

  #end(key: object): void {
    const lasting = this.#lasting.get(key);
    this.#lasting.delete(key);
    lasting?.end();
  }

  #at(time: number, fn: () => void): Disposable {
    let wanted = true;
    const { world } = this.#cluster;
    world.at(Math.max(this.#start + time, world.now), () => wanted && fn());
    return { [Symbol.dispose]: () => void (wanted = false) };
  }

  /** Lets triggers hear of events, if one of them listens. */
  #hearing(): (fn: (event: SystemEvent) => void) => Disposable {
    const heard = new Set<(event: SystemEvent) => void>();
    const { world } = this.#cluster;
    if (this.#schedule.faults.some(({ when }) => "event" in when)) {
      world.listen((peer, event) => {
        const told = systemEvent(world.now, peer, event);
        for (const fn of [...heard]) fn(told);
      });
    }
    return (fn) => {
      heard.add(fn);
      return { [Symbol.dispose]: () => heard.delete(fn) };
    };
  }
}

/** As a cluster tells of it. */
function systemEvent(at: number, peer: string, { kind, ...data }: Observed): SystemEvent {
  const name = kind === "down"
    ? "peer.down"
    : kind === "registered"
    ? "tracker.registered"
    : `election.${kind}`;
  return {
    kind: name,
    at,
    node: 0,
    actor: 0,
    name: peer,
    data: { peer, ...data },
  } as unknown as SystemEvent;
}
