import type { PeerId } from "../../election/mod.ts";
import { majority, precedes } from "../../election/mod.ts";
import { Claims } from "./claims.ts";
import { oneWinner } from "./i1_one_winner.ts";
import { writeAhead } from "./i10_write_ahead.ts";
import { backedWins } from "./i2_backed_wins.ts";
import { oneVote } from "./i3_one_vote.ts";
import { closedCandidacies } from "./i4_closed_candidacies.ts";
import { epochsRise } from "./i5_epochs_rise.ts";
import { oneServer } from "./i6_one_server.ts";
import { names } from "./i7_names.ts";
import { backedCandidacies } from "./i8_backed_candidacies.ts";
import { followedWinners } from "./i9_followed_winners.ts";
import type { Desk, Invariant, Setup, Watch } from "./invariant.ts";
import { Journal, NOISE } from "./journal.ts";
import type { Observed } from "./observed.ts";
import type { Violation } from "./violation.ts";

/** Every invariant that a trace can break (§1.8). */
export const INVARIANTS: readonly Invariant[] = [
  oneWinner,
  backedWins,
  oneVote,
  closedCandidacies,
  epochsRise,
  oneServer,
  names,
  backedCandidacies,
  followedWinners,
  writeAhead,
];

/** What is done with one kind of event. */
interface Route {
  readonly watches: Watch[];
  readonly noted: boolean;
}

/**
 * Checks the invariants of §1.8 while a run goes on, live or simulated: event by event, in bounded memory.
 *
 * @example
 * ```ts
 * const checker = new TraceChecker({ voters: ["a", "b", "c"] }, (violation) => console.error(violationLines(violation).join("\n")));
 * checker.see(12.5, "a", { kind: "win", epoch: 1, tally: ["a", "b"], quorum: 2 });
 * ```
 */
export class TraceChecker {
  /** By kind of event. */
  readonly #routes = new Map<Observed["kind"], Route>();
  readonly #claims: Claims;
  readonly #complete: boolean;
  readonly #journal = new Journal();
  readonly #voters = new Map<PeerId, readonly PeerId[]>();
  #violations = 0;
  #events = 0;

  constructor(setup: Setup, report: (violation: Violation) => void) {
    const {
      voters,
      quorum = 0,
      unsafe = false,
      complete = false,
      uriOf = (peer) => `peer://${peer}`,
      only,
    } = setup;
    const claims = new Claims(complete);
    this.#claims = claims;
    this.#complete = complete;
    const votersOf = (peer: PeerId): readonly PeerId[] => this.#voters.get(peer) ?? voters;
    const quorumOf = (peer: PeerId): number =>
      unsafe && quorum > 0 ? quorum : Math.max(quorum, majority(votersOf(peer).length));
    const comesBefore = (a: PeerId, b: PeerId): boolean => precedes(uriOf(a), a, uriOf(b), b);
    const chosen = INVARIANTS.filter(({ id }) => only?.includes(id) ?? true);
    for (const invariant of chosen) {
      const broken: Desk["broken"] = (message, epoch, about) => {
        this.#violations++;
        const evidence = this.#journal.evidence(epoch, about);
        report({ invariant: invariant.id, message, evidence });
      };
      const watch = invariant.watch({
        setup,
        claims,
        votersOf,
        quorumOf,
        precedes: comesBefore,
        broken,
      });
      for (const kind of invariant.on) this.#routeOf(kind).watches.push(watch);
    }
  }

  /** Violations so far. */
  get violations(): number {
    return this.#violations;
  }

  /** Events looked at. */
  get events(): number {
    return this.#events;
  }

  /** The next event. */
  see(at: number, peer: PeerId, event: Observed): void {
    this.#events++;
    const { watches, noted } = this.#routeOf(event.kind);
    if (noted || watches.length > 0) {
      const occurrence = { at, peer, event };
      if (noted) this.#journal.note(occurrence);
      if (event.kind === "config") this.#voters.set(peer, event.voters);
      else if (event.kind === "config_kept") this.#voters.set(peer, event.kept);
      for (let i = 0; i < watches.length; i++) watches[i]!(occurrence);
    }
    if (this.#complete) return;
    if (event.kind === "down") this.#claims.died(peer, at);
    else this.#claims.heard(peer, at);
  }

  #routeOf(kind: Observed["kind"]): Route {
    let route = this.#routes.get(kind);
    if (route === undefined) {
      this.#routes.set(kind, route = { watches: [], noted: !NOISE.has(kind) });
    }
    return route;
  }
}
