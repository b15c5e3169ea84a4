/**
 * What an actor is: definition, context, refs, exit reasons, errors. No threads, no I/O.
 *
 * @module
 */
export * from "./clock.ts";
export * from "./context.ts";
export * from "./definition.ts";
export * from "./disk.ts";
export * from "./errors.ts";
export * from "./exit_reason.ts";
export * from "./hashing.ts";
export * from "./ids.ts";
export * from "./monitor.ts";
export * from "./naming.ts";
export * from "./options.ts";
export * from "./protocol.ts";
export * from "./random.ts";
export * from "./ref.ts";
export { reviveError } from "./error_codec.ts";
export type { SystemEvent } from "./host.ts";
export { transfer } from "./transfer.ts";
