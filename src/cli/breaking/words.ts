import type { PeerView } from "../../cluster/api.ts";
import { resolveTarget } from "../../cluster/targets.ts";
import { ConsoleError } from "../errors.ts";
import { parseDuration } from "../text/duration.ts";

/** The id of the peer that a person calls `word`: `peer-3`, `3`, `tracker`, or `random` for one that is up. @throws InvalidOptionError */
export function peerOf(word: string, view: readonly PeerView[]): string {
  if (word.toLowerCase() === "random") {
    const up = view.filter((peer) => peer.up);
    const drawn = up[Math.floor(Math.random() * up.length)];
    if (drawn === undefined) throw new ConsoleError("No peer is up");
    return drawn.id;
  }
  return resolveTarget(word.toLowerCase(), new Map(view.map((peer) => [peer.id, peer])));
}

/**
 * The groups that `1,2 / 3 4` names, between slashes; `rest` is everybody who is not named. One group alone is parted from
 * the rest.
 *
 * @throws ConsoleError, InvalidOptionError
 */
export function groupsOf(words: readonly string[], view: readonly PeerView[]): string[][] {
  const parts = words.join(" ").split("/").map((part) => part.split(/[\s,]+/).filter(Boolean));
  if (parts.some((part) => part.length === 0)) {
    throw new ConsoleError(
      `The groups are "${words.join(" ")}", expected peers between slashes, as 1,2 / 3,4,5`,
    );
  }
  const named = parts.map((part) =>
    part.flatMap((word) => word.toLowerCase() === "rest" ? [] : [peerOf(word, view)])
  );
  const rest = view.map(({ id }) => id).filter((id) => !named.flat().includes(id));
  const groups = parts.map((part, index) => [
    ...named[index] ?? [],
    ...(part.some((word) => word.toLowerCase() === "rest") ? rest : []),
  ]);
  const all = groups.length === 1 ? [...groups, rest] : groups;
  if (all.some((group) => group.length === 0)) {
    throw new ConsoleError("One of the groups is empty: everybody is in another already");
  }
  return all;
}

/** The words before `for <time>`, and that time in milliseconds. @throws ConsoleError if it is none */
export function lastingOf(
  words: readonly string[],
): { readonly words: readonly string[]; readonly forMs: number | undefined } {
  if (words.at(-2)?.toLowerCase() !== "for") return { words, forMs: undefined };
  const forMs = parseDuration(words.at(-1) ?? "");
  if (forMs !== undefined && forMs > 0) return { words: words.slice(0, -2), forMs };
  throw new ConsoleError(`The time is "${words.at(-1)}", expected one such as 500ms or 10s`);
}
