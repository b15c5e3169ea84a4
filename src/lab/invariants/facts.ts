import type { PeerId } from "../../election/mod.ts";

/**
 * Names facts about peers: each text is made once, since facts are compared far more often than there are peers.
 *
 * @example
 * ```ts
 * const voteFor = factsAbout("vote");
 * voteFor("a"); // "vote a"
 * ```
 */
export function factsAbout(what: string): (peer: PeerId) => string {
  const facts = new Map<PeerId, string>();
  return (peer) => {
    let fact = facts.get(peer);
    if (fact === undefined) facts.set(peer, fact = `${what} ${peer}`);
    return fact;
  };
}
