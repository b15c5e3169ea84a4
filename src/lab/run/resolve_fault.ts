import type { Random, SystemEvent } from "../../actor/mod.ts";
import type { FaultVerb, PeerView } from "../../cluster/mod.ts";
import type { PlannedFault, ScheduledVerb, Span, Who } from "../scenario/schedule.ts";
import type { Shape } from "../scenario/shapes.ts";
import { cutsBetween, cutsOf } from "../scenario/shapes.ts";
import { draw } from "./draws.ts";
import { FaultError } from "./errors.ts";
import { onGrid } from "./grid.ts";
import { resolveWho } from "./targets.ts";

/** A fault as it is about to be carried out: nothing about it is open any more. */
export interface ResolvedFault {
  readonly verb: FaultVerb;
  readonly peers: readonly string[];
  readonly with: Readonly<Record<string, unknown>>;
  /** Ms. */
  readonly for?: number;
}

/** What a nemesis draws from: faults without a time, with their weights (default 1). */
export interface MixEntry {
  readonly verb: Exclude<ScheduledVerb, "nemesis" | "undo">;
  readonly weight?: number;
  readonly who?: Who;
  readonly for?: Span;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** Verbs that mean every peer, or none, unless told whom. */
const FOR_ALL: ReadonlySet<string> = new Set(["link", "timers"]);
const FOR_NONE: ReadonlySet<string> = new Set(["registry", "partition"]);

/**
 * Decides what was left open when `fault` was planned: whom, how long, which groups.
 *
 * @throws FaultError if nobody is there to be struck
 */
export function resolveFault(
  fault: Pick<PlannedFault, "verb" | "who" | "for" | "with">,
  peers: readonly PeerView[],
  event: SystemEvent | undefined,
  random: Random,
): ResolvedFault {
  if (fault.verb === "nemesis") {
    const mix = (fault.with?.["mix"] ?? []) as readonly MixEntry[];
    return resolveFault(weighted(mix, random.stream("mix")), peers, event, random);
  }
  const verb = fault.verb as FaultVerb;
  const scene = { peers, event };
  const who = fault.who ?? (FOR_ALL.has(verb) ? "all" : FOR_NONE.has(verb) ? [] : "one");
  const chosen = resolveWho(who, scene, random.stream("who"));
  if (chosen.length === 0 && !FOR_NONE.has(verb)) {
    throw new FaultError(`${verb}: nobody is "${String(who)}" now`);
  }
  const details: Record<string, unknown> = { ...fault.with };
  const ids = peers.map(({ id }) => id);
  if (verb === "link") {
    details["to"] = resolveWho(details["to"] as Who ?? "all", scene, random.stream("to"));
  }
  if (verb === "partition" && details["cuts"] === undefined) {
    const { shape = "groups", groups = [], ...rest } = details as {
      readonly shape?: Shape;
      readonly groups?: readonly Who[];
    };
    if (shape === "groups") {
      const taken: string[][] = [];
      for (const [i, group] of groups.entries()) {
        taken.push(resolveWho(group, scene, random.stream(`group ${i}`), taken.flat()));
      }
      const oneWay = details["oneWay"] === true;
      Object.assign(details, { groups: taken, cuts: cutsBetween(taken, ids, oneWay) });
    } else {
      const cuts = cutsOf({ shape, peers: ids, who: chosen }, random.stream("shape"));
      return partition({ ...rest, shape, cuts }, chosen, fault.for, random);
    }
  }
  return { verb, peers: chosen, with: details, ...lasting(fault.for, random) };
}

function partition(
  details: Readonly<Record<string, unknown>>,
  peers: readonly string[],
  span: Span | undefined,
  random: Random,
): ResolvedFault {
  return { verb: "partition", peers, with: details, ...lasting(span, random) };
}

function lasting(span: Span | undefined, random: Random): { readonly for?: number } {
  return span === undefined ? {} : { for: onGrid(draw(span, random.stream("for"))) };
}

function weighted(mix: readonly MixEntry[], random: Random): MixEntry {
  const total = mix.reduce((sum, { weight = 1 }) => sum + weight, 0);
  let left = random.next() * total;
  for (const entry of mix) {
    left -= entry.weight ?? 1;
    if (left < 0) return entry;
  }
  throw new FaultError("nemesis: its mix is empty");
}
