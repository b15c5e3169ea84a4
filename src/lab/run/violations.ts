import type { SystemEvent } from "../../actor/mod.ts";
import type { SeenViolation } from "../checks/observations.ts";
import type { Violation } from "../invariants/mod.ts";
import { SystemEventFeed, TraceChecker } from "../invariants/mod.ts";
import type { ClusterPlan } from "../scenario/schedule.ts";
import { peersOf } from "./stage.ts";

/** Violations that are kept of one run. */
const MOST = 100;

/** Watches a run for broken invariants of its election, and says which lines of the trace prove them. */
export class ViolationWatch {
  readonly #feed: SystemEventFeed;
  readonly #seqs = new WeakMap<object, number>();
  readonly #found: Violation[] = [];

  /** @param only the ids of those to watch for */
  constructor(plan: ClusterPlan, only: readonly string[]) {
    const peers = peersOf(plan);
    const { voters = peers.length, quorum, unsafe } = plan;
    const checker = new TraceChecker({
      voters: peers.slice(0, voters),
      ...(quorum !== undefined && { quorum }),
      ...(unsafe !== undefined && { unsafe }),
      only,
    }, (violation) => this.#found.length < MOST && this.#found.push(violation));
    this.#feed = new SystemEventFeed(checker);
  }

  see(event: SystemEvent, seq: number): void {
    const observed = this.#feed.see(event);
    if (observed !== undefined) this.#seqs.set(observed, seq);
  }

  get found(): SeenViolation[] {
    return this.#found.map(({ invariant, message, evidence }) => ({
      invariant,
      message,
      evidence: evidence.flatMap(({ event }) => this.#seqs.get(event) ?? []),
      peers: [...new Set(evidence.map(({ peer }) => peer))],
    }));
  }
}
