/**
 * The model checker: all that an election can do within bounds, by the very step that runs.
 *
 * @module
 */
export * from "./protocol.ts";
export { storyLines, type StoryStep } from "./story.ts";
export { Verification, verify, type VerifyReport } from "./verification.ts";
export { MODEL_INVARIANTS, type Verify, type VerifyOptions } from "./verify_options.ts";
