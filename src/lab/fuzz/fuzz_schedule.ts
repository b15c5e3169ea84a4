import type { Random } from "../../actor/mod.ts";
import { keyedRandom } from "../../actor/mod.ts";
import { PROFILES } from "../../election/mod.ts";
import { INVARIANT_NAMES } from "../checks/elections.ts";
import type { PlannedCheck, PlannedFault, PlannedWork, Schedule } from "../scenario/schedule.ts";
import { ELECTION_KINDS, type FaultKind, type Ground, PEER_KINDS } from "./kinds.ts";

/** What is the same for all seeds of a fuzz. */
export interface FuzzPlan {
  /** Drawn from 3 to 7 unless told. */
  readonly peers?: number;
  /** A bug that is planted in the peers, by name. */
  readonly mutant?: string;
  readonly protocol?: "troupe" | "seed-literal";
  /** Only what bare elections know: no files, no work, no faults of whole peers. */
  readonly electionsOnly?: boolean;
}

/** Ms in which faults come. */
const SAFETY_MS = 2_500;
/** Longest timeouts after that in which a tracker must be agreed on: far above what chance needs, since timeouts are random and no bound is certain. */
const AGREED_TIMEOUTS = 30;
/** Ms that a supervisor may wait before it starts a peer again that crashed more than once. */
const RESTART_MS = 5_000;
/** Ms in which files must be where they belong: a link may have lost the answer to an ask, which is repeated only when its 15 s are over. */
const FILES_MS = 25_000;
/** Of more crashes in a minute its supervisor takes the name server for beyond help, and without it nobody finds anybody. */
const REGISTRY_CRASHES = 15;
/** The part of the kinds that a seed turns on. */
const ON = 0.35;
/** The longest that messages take, in longest timeouts: where all that live are needed, a lease must outlive a heartbeat and its answer. */
const SLOWEST = 0.1;
/** Kinds after which a peer may vote no more: those of a majority must not. */
const LOSSES: ReadonlySet<string> = new Set(["wipe", "tear"]);
/** Mean ms between two faults. */
const GAP = { min: 20, max: 400 } as const;

const WORK = ["download", "download", "search", "refresh", "addFile", "removeFile"] as const;

/**
 * The schedule of a seed. Each has its own few kinds of faults, which finds more than all kinds at once, its own size, timing and links. It
 * has two phases: in the first the faults come and nothing unsafe may happen; then a majority is whole, for ever, and must agree on a
 * tracker. In half of the seeds the other peers stay dead (§4.3).
 */
export function fuzzSchedule(seed: string | number, plan: FuzzPlan = {}): Schedule {
  const draws = keyedRandom(String(seed)).stream("fuzz");
  const of = (what: string): Random => draws.stream(what);
  const size = of("size");
  const count = plan.peers ?? 3 + Math.floor(size.next() * size.next() * 5);
  const peers = Array.from({ length: count }, (_, i) => `peer-${i + 1}`);
  const minority = peers.slice(0, Math.floor((count - 1) / 2));
  const profile = of("profile").next() < 0.8 ? "default" : "fast";
  const { timeoutMax } = PROFILES[profile];
  const agreed = AGREED_TIMEOUTS * timeoutMax + RESTART_MS;
  const files = !plan.electionsOnly && of("files").next() < 0.4;
  const kinds = kindsOf(of("kinds"), plan.electionsOnly === true, minority.length > 0);
  const ground = { peers, minority, timeoutMax };
  const faults = faultsOf(draws, kinds, ground);
  const dead = of("dead").next() < 0.5 ? minority : [];
  return {
    v: 1,
    name: `fuzz-${seed}`,
    teaches: `drawn from the seed ${seed}: ${kinds.map(({ name }) => name).join(", ")}`,
    cluster: {
      peers: count,
      profile,
      latency: of("latency").next() < 0.3
        ? { min: 0.1, max: SLOWEST * timeoutMax }
        : { min: 0.05, max: 2 },
      downDetector: of("detector").next() < 0.3,
      restart: true,
      ...(plan.mutant !== undefined && { mutant: plan.mutant }),
      ...(plan.protocol !== undefined && { protocol: plan.protocol, unsafe: true }),
      ...(files && {
        files: { perPeer: 2, size: { min: 1_000, max: 300_000 }, holders: Math.min(2, count) },
      }),
    },
    faults: [...faults, ...deaths(dead)],
    work: files ? workOf(of("work")) : [],
    checks: checksOf({
      agreed,
      files,
      dead: dead.length > 0,
      jumps: faults.some(({ with: details }) => details?.["jump"] !== undefined),
    }),
    until: SAFETY_MS,
    quiet: Math.max(agreed, files ? FILES_MS : 0),
  };
}

/**
 * What a peer that stays dead was asked for never comes. And leases keep two trackers apart only while clocks drift by no more than
 * 2 %: who jumps ahead forgets its promise too early (§1.4).
 */
function checksOf(
  { agreed, files, dead, jumps }: {
    readonly agreed: number;
    readonly files: boolean;
    readonly dead: boolean;
    readonly jumps: boolean;
  },
): PlannedCheck[] {
  const invariants = Object.keys(INVARIANT_NAMES);
  const names = [
    ...(jumps ? invariants.filter((name) => INVARIANT_NAMES[name] !== "I6") : invariants),
    "answered",
    "supervision",
    ...(files ? ["catalogue-truth"] : []),
    ...(files && !dead ? ["downloads"] : []),
  ];
  return [...names.map((check) => ({ check })), { check: "agreed", within: agreed }];
}

/** At least one. */
function kindsOf(random: Random, electionsOnly: boolean, losses: boolean): readonly FaultKind[] {
  const all = [...ELECTION_KINDS, ...(electionsOnly ? [] : PEER_KINDS)]
    .filter(({ name }) => losses || !LOSSES.has(name));
  const on = all.filter(() => random.next() < ON);
  return on.length > 0 ? on : [all[random.below(all.length)]!];
}

function faultsOf(
  draws: Random,
  kinds: readonly FaultKind[],
  ground: Omit<Ground, "random">,
): PlannedFault[] {
  const pace = draws.stream("pace");
  const gap = GAP.min + pace.next() * (GAP.max - GAP.min);
  const faults: PlannedFault[] = [];
  const crashes = (): number => faults.filter(({ verb }) => verb === "registry").length;
  let at = pace.next() * 200;
  for (let n = 1; at < SAFETY_MS; n++) {
    const random = draws.stream(`fault ${n}`);
    const kind = kinds[random.below(kinds.length)]!;
    const drawn = kind.draw({ ...ground, random });
    if (drawn.verb !== "registry" || crashes() < REGISTRY_CRASHES) {
      faults.push({ id: `f${n}`, when: { at: Math.floor(at) }, ...drawn });
    }
    at += 2 * gap * random.next();
  }
  return faults;
}

/** They stay down, for ever. */
function deaths(dead: readonly string[]): PlannedFault[] {
  if (dead.length === 0) return [];
  return [{ id: "dead", when: { at: SAFETY_MS }, verb: "crash", who: dead, with: { stay: true } }];
}

function workOf(random: Random): PlannedWork[] {
  return Array.from({ length: 2 + random.below(6) }, (_, i) => ({
    id: `w${i + 1}`,
    when: { at: random.below(SAFETY_MS) },
    work: WORK[random.below(WORK.length)]!,
    who: "one",
  }));
}
