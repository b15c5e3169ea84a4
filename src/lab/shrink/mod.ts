/**
 * Shrinking: the few faults of a failing schedule that matter.
 *
 * @module
 */
export { type Culprit, culpritOf, shows } from "./culprit.ts";
export type { Attempt, Budget, ShrinkProgress } from "./probe.ts";
export { shrink, type ShrinkOptions, type Shrunk } from "./shrink.ts";
export { untimedStory } from "./untimed_story.ts";
