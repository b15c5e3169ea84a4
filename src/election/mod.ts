/**
 * Elections of a tracker: epochs, votes, quorum and leases in one pure function. Imports nothing from outside.
 *
 * @module
 */
export { type Change, type Config, type ConfigId } from "./config.ts";
export { type DurableRecord, firstRecord } from "./durable.ts";
export { ElectionOptionError } from "./errors.ts";
export type { Effect, Event } from "./events.ts";
export { type PeerId, precedes } from "./identity.ts";
export { isServing, leaseUntil } from "./lease.ts";
export { isAgreed, refuseChange } from "./membership.ts";
export * from "./names.ts";
export {
  type ElectionOptions,
  longestLease,
  type Resolved,
  resolveOptions,
  type Settings,
} from "./options.ts";
export { type Profile, PROFILES, type Timers } from "./profiles.ts";
export { type Protocol, PROTOCOLS } from "./protocol.ts";
export { majority, quorumOf } from "./quorum.ts";
export { decodeRecord, encodeRecord, RECORD_VERSION, type RecordRead } from "./record.ts";
export {
  encodeSlot,
  readSlots,
  SLOT_CAPACITY,
  SLOTS_SIZE,
  type SlotsRead,
  type SlotWrite,
  tornSlot,
} from "./slots.ts";
export { describe, type Description, initialState, type State } from "./state.ts";
export { readMessage } from "./read_message.ts";
export { rehearse } from "./rehearsal.ts";
export { seedLiteralStep } from "./seed_literal.ts";
export { step } from "./step.ts";
export { stepOf } from "./step_of.ts";
export type { Step, StepFunction } from "./stepping.ts";
export { FOREVER, NEVER } from "./time.ts";
export type { Rnd } from "./timers.ts";
export { isCrowd } from "./timers.ts";
export type {
  AdoptReason,
  ChangeRefusal,
  ForgetReason,
  LearnerReason,
  Role,
  StepDownReason,
  TraceEvent,
} from "./trace.ts";
export type * from "./wire.ts";
