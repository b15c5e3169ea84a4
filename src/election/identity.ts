/** A voter's stable name, chosen once. A peer that lost its disk gets a new one (§1.6). */
export type PeerId = string;

/**
 * Whether the first peer comes before the second: by URI in UTF-16 code units, then by peer id (R1).
 * The smaller of two rivals is preferred wherever the protocol breaks a tie.
 *
 * @example
 * ```ts
 * precedes("peer://a", "p2", "peer://b", "p1"); // true: the URI decides
 * precedes("peer://a", "p2", "peer://a", "p1"); // false: equal URIs, the peer id decides
 * ```
 */
export function precedes(uri: string, peer: PeerId, otherUri: string, otherPeer: PeerId): boolean {
  return uri === otherUri ? peer < otherPeer : uri < otherUri;
}
