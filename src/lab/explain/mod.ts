/**
 * What checks, statistics and mutants are, in words.
 *
 * @module
 */
export { explain, TOPICS } from "./explain.ts";
export type { Topic } from "./topic.ts";
