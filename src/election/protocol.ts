/**
 * The rules of an election: `troupe`, which this project stands for, or `seed-literal`, the seed's own voting, which
 * can elect two trackers in one epoch and is here to be looked at.
 */
export type Protocol = "troupe" | "seed-literal";

/** Every {@linkcode Protocol}. */
export const PROTOCOLS: readonly Protocol[] = ["troupe", "seed-literal"];
