/**
 * Elections with a bug planted in them: for lessons on finding and shrinking, and to see that the checks can fail.
 *
 * @module
 */
export type { Mutant } from "./mutant.ts";
export { mutantPeer } from "./mutant_peer.ts";
export { mutantOf, MUTANTS, stepWith } from "./table.ts";
