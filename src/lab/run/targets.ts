import type { Random, SystemEvent } from "../../actor/mod.ts";
import type { PeerView } from "../../cluster/mod.ts";
import type { Who } from "../scenario/schedule.ts";
import { shuffled } from "./draws.ts";

/** What targets are resolved against. */
export interface Scene {
  readonly peers: readonly PeerView[];
  /** What set the fault off, where an event did. */
  readonly event?: SystemEvent | undefined;
}

/** The words for targets; besides them ids (`peer-3`, `3`) and fields of the event (`@event.peer`). */
export const WHO_WORDS = [
  "one",
  "minority",
  "majority",
  "minority-third",
  "tracker",
  "candidate",
  "follower",
  "followers",
  "rest",
  "all",
  "crashed",
] as const;

/**
 * The peers that `who` means now, by id; none if nobody fits. Later words of a list choose among those that earlier ones left.
 *
 * @param taken those who are none of `rest`, and not chosen again
 */
export function resolveWho(
  who: Who,
  scene: Scene,
  random: Random,
  taken: readonly string[] = [],
): string[] {
  const chosen: string[] = [];
  for (const word of typeof who === "string" ? [who] : who) {
    for (const id of resolveWord(String(word), scene, random, [...taken, ...chosen])) {
      if (!chosen.includes(id)) chosen.push(id);
    }
  }
  return chosen;
}

function resolveWord(
  word: string,
  { peers, event }: Scene,
  random: Random,
  taken: readonly string[],
): readonly string[] {
  const ids = (fits: (peer: PeerView) => boolean): string[] =>
    peers.filter((peer) => fits(peer) && !taken.includes(peer.id)).map(({ id }) => id);
  const some = (count: number): string[] =>
    shuffled(ids(({ up }) => up), random).slice(0, Math.max(1, count)).sort(byNumber);
  const n = peers.length;
  switch (word) {
    case "one":
      return some(1);
    case "minority":
      return some(Math.floor((n - 1) / 2));
    case "majority":
      return some(Math.floor(n / 2) + 1);
    case "minority-third":
      return some(Math.floor((n - 1) / 3));
    case "tracker":
      return highest(peers.filter(({ role }) => role === "tracker"));
    case "candidate": {
      const candidates = highest(peers.filter(({ role }) => role === "candidate"));
      return candidates.length > 0
        ? candidates
        : highest(peers.filter(({ role }) => role === "precandidate"));
    }
    case "follower":
      return shuffled(ids(({ role }) => role === "follower"), random).slice(0, 1);
    case "followers":
      return ids(({ role }) => role === "follower");
    case "rest":
    case "all":
      return ids(() => true);
    case "crashed":
      return ids(({ up }) => !up);
    default:
      return named(word, peers, event);
  }
}

function named(
  word: string,
  peers: readonly PeerView[],
  event: SystemEvent | undefined,
): readonly string[] {
  const known = (value: unknown): value is string => peers.some(({ id }) => id === value);
  if (!word.startsWith("@event.")) {
    const id = /^\d+$/.test(word) ? `peer-${word}` : word;
    return known(id) ? [id] : [];
  }
  let value: unknown = event?.data;
  for (const part of word.slice("@event.".length).split(".")) {
    value = (value as Readonly<Record<string, unknown>> | undefined)?.[part];
  }
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  // A voter that lost its disk is named `peer-3#...` in elections.
  return values.map((voter) => String(voter).replace(/#.*$/, "")).filter(known);
}

/** The one of the highest epoch: an older tracker may not know yet that it is none any more. */
function highest(peers: readonly PeerView[]): readonly string[] {
  let best: PeerView | undefined;
  for (const peer of peers) if (peer.epoch > (best?.epoch ?? -1)) best = peer;
  return best === undefined ? [] : [best.id];
}

function byNumber(a: string, b: string): number {
  return Number(a.slice(a.indexOf("-") + 1)) - Number(b.slice(b.indexOf("-") + 1));
}
