import type { Random } from "../../actor/mod.ts";
import type { PlannedFault, Who } from "../scenario/schedule.ts";

/** What a kind of fault may be drawn for. */
export interface Ground {
  readonly random: Random;
  /** All peers, by id. */
  readonly peers: readonly string[];
  /** Those that may lose their disks: fewer than half. */
  readonly minority: readonly string[];
  /** Ms. */
  readonly timeoutMax: number;
}

/** What is drawn of a fault; its time comes from elsewhere. */
export type Drawn = Omit<PlannedFault, "id" | "when">;

/** A kind of fault that a seed may turn on. */
export interface FaultKind {
  readonly name: string;
  readonly draw: (ground: Ground) => Drawn;
}

/** Words that are drawn for whom; the tracker more often, since most bugs are about it. */
const WHOM: readonly Who[] = ["tracker", "tracker", "candidate", "follower", "one", "one", "one"];

function pick<T>(random: Random, items: readonly T[]): T {
  return items[random.below(items.length)]!;
}

const who = ({ random }: Ground): Who => pick(random, WHOM);

/** Whole ms: most short, some longer than any timeout. */
function lasting({ random, timeoutMax }: Ground): number {
  const most = random.next() < 0.5 ? timeoutMax / 2 : 4 * timeoutMax;
  return 1 + Math.floor(random.next() * most);
}

/** A part, in hundredths. */
function part(random: Random, most: number): number {
  return Math.ceil(random.next() * most * 100) / 100;
}

const SHAPES = ["halves", "isolate", "bridge", "ring", "chain", "one-way"] as const;

/** Kinds that need no more than an election. */
export const ELECTION_KINDS: readonly FaultKind[] = [
  {
    name: "crash",
    draw: (ground) => ({
      verb: "crash",
      who: who(ground),
      for: lasting(ground),
      with: { how: pick(ground.random, ["terminate", "throw", "exit"]) },
    }),
  },
  { name: "restart", draw: (ground) => ({ verb: "restart", who: who(ground) }) },
  {
    name: "wipe",
    draw: ({ random, minority }) => ({ verb: "wipe", who: [pick(random, minority)] }),
  },
  {
    name: "pause",
    draw: (ground) => ({ verb: "pause", who: who(ground), for: lasting(ground) }),
  },
  {
    name: "partition",
    draw: (ground) => ({
      verb: "partition",
      who: who(ground),
      for: lasting(ground),
      with: { shape: pick(ground.random, SHAPES) },
    }),
  },
  {
    name: "flaky",
    draw: (ground) => ({
      verb: "link",
      who: "all",
      for: lasting(ground),
      with: {
        loss: part(ground.random, 0.4),
        duplication: part(ground.random, 0.4),
        reordering: part(ground.random, 1),
      },
    }),
  },
  {
    name: "delay",
    draw: (ground) => ({
      verb: "link",
      who: who(ground),
      for: lasting(ground),
      with: {
        delay: 1 + ground.random.below(ground.timeoutMax),
        jitter: ground.random.below(ground.timeoutMax),
        both: ground.random.next() < 0.5,
      },
    }),
  },
  {
    name: "stalled disk",
    draw: (ground) => ({
      verb: "disk",
      who: who(ground),
      for: lasting(ground),
      with: { stalled: true },
    }),
  },
  { name: "resign", draw: () => ({ verb: "resign", who: "tracker" }) },
  {
    name: "campaign",
    draw: (ground) => ({ verb: "campaign", who: pick(ground.random, ["one", "minority", "all"]) }),
  },
];

/** Kinds that need whole peers. */
export const PEER_KINDS: readonly FaultKind[] = [
  {
    name: "hang",
    draw: (ground) => ({
      verb: "crash",
      who: who(ground),
      for: lasting(ground),
      with: { how: "hang" },
    }),
  },
  {
    name: "tear",
    draw: ({ random, minority }) => ({ verb: "tear", who: [pick(random, minority)] }),
  },
  {
    name: "slow",
    draw: (ground) => ({
      verb: "slow",
      who: who(ground),
      for: lasting(ground),
      with: { ms: 1 + ground.random.below(20) },
    }),
  },
  {
    name: "slow disk",
    draw: (ground) => ({
      verb: "disk",
      who: who(ground),
      for: lasting(ground),
      with: { slow: 1 + ground.random.below(ground.timeoutMax) },
    }),
  },
  {
    name: "bad disk",
    draw: (ground) => ({
      verb: "disk",
      who: who(ground),
      for: lasting(ground),
      with: { [pick(ground.random, ["failing", "full"])]: true },
    }),
  },
  {
    name: "clock",
    draw: (ground) => ({
      verb: "clock",
      who: who(ground),
      for: lasting(ground),
      with: pick(ground.random, [
        { rate: 1.02 },
        { rate: 0.98 },
        { skew: 60_000 },
        { jump: 1 + ground.random.below(ground.timeoutMax) },
      ]),
    }),
  },
  { name: "registry", draw: () => ({ verb: "registry" }) },
  {
    name: "timers",
    draw: ({ random }) => ({
      verb: "timers",
      who: "all",
      with: { how: pick(random, ["align", "align", "spread"]) },
    }),
  },
];
