/**
 * The file-sharing peer: election and sharing behind one mailbox.
 *
 * @module
 */
export type { ElectionSettings, PeerArgs } from "./args.ts";
export { checkLimits } from "./check_limits.ts";
export { PEER_PREFIX, peerName } from "./directory.ts";
export * from "./errors.ts";
export type { TransferLimits } from "./limits.ts";
export { tearState, wipeState } from "./lose_state.ts";
export { TRACED } from "./message_trace.ts";
export { STANDING } from "./tracker_watch.ts";
export { peer, peerWith } from "./peer.ts";
export type * from "./protocol.ts";
export { provision } from "./provision.ts";
export { peerOf } from "./voter_id.ts";
export type * from "./reports.ts";
