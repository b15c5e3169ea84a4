import type { SystemEvent } from "../../actor/mod.ts";
import type { ClusterOptions } from "../../cluster/mod.ts";
import { TraceChecker } from "./checker.ts";
import { SystemEventFeed } from "./system_events.ts";
import type { Violation } from "./violation.ts";

/** Peers of a cluster that is not told how many. */
const PEERS = 5;

/**
 * Checks the election of a cluster while it runs: gives what is told every event, as `onEvent`. The seed's own voting, which breaks
 * most invariants, is watched for two trackers of one epoch only.
 *
 * @example
 * ```ts
 * const onEvent = watchCluster(options, (violation) => console.error(violationLines(violation).join("\n")));
 * await using cluster = await createCluster({ ...options, onEvent });
 * ```
 */
export function watchCluster(
  { peers = PEERS, voters = peers, quorum, unsafe, protocol }: ClusterOptions,
  report: (violation: Violation) => void,
): (event: SystemEvent) => void {
  const checker = new TraceChecker({
    voters: Array.from({ length: voters }, (_, i) => `peer-${i + 1}`),
    ...(quorum !== undefined && { quorum }),
    ...(unsafe !== undefined && { unsafe }),
    ...(protocol === "seed-literal" && { only: ["I1"] }),
  }, report);
  const feed = new SystemEventFeed(checker);
  return (event) => feed.see(event);
}
