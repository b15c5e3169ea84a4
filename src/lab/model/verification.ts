import { stepOf } from "../../election/mod.ts";
import { type Automata, AutomataMaker } from "./automaton.ts";
import { ElectionProtocol } from "./election_protocol.ts";
import type { Local } from "./local_state.ts";
import { TooManyMessages } from "./messages.ts";
import { type Minimal, minimise } from "./minimise.ts";
import type { Budget } from "./protocol.ts";
import { Search } from "./search.ts";
import { type StoryStep, tell } from "./story.ts";
import { checkVerifyOptions, type Verify, type VerifyOptions } from "./verify_options.ts";

/** What a verification has found so far. */
export interface VerifyReport {
  /** `holds` only if everything within the bounds was looked at. */
  readonly verdict: "holds" | "violated" | "unfinished";
  /** Different states of the whole, between steps that show. */
  readonly states: number;
  /** States found, but not looked at yet. */
  readonly left: number;
  readonly steps: number;
  readonly depth: number;
  /** Per peer: its states, and how many are left when those that nobody can tell apart are one. */
  readonly locals: readonly (readonly [all: number, classes: number])[];
  /** Different messages. */
  readonly messages: number;
  /** What happened in some run. */
  readonly seen: readonly string[];
  readonly violation?: {
    readonly invariant: string;
    readonly message: string;
    readonly story: readonly StoryStep[];
  };
}

interface Phase {
  readonly full: Automata<Local>;
  readonly minimal: readonly Minimal<Local>[];
  readonly search: Search<Local>;
}

/**
 * An exhaustive check of an election protocol within bounds, by the very step that runs; done in portions, so that its user stays in
 * charge. What is assumed is said at `ElectionProtocol`, `timeless`, `fewWrites` and `visibleMoves`.
 *
 * @example
 * ```ts
 * const verification = new Verification({ peers: 3, epochs: 2, restarts: 1 });
 * while (!verification.ended) verification.advance(1000);
 * verification.report.verdict; // "holds"
 * ```
 */
export class Verification {
  readonly #options: Verify;
  readonly #protocol: ElectionProtocol;
  readonly #faults: Budget;
  #maker: AutomataMaker<Local>;
  #words = 1;
  #phase: Phase | undefined;

  /** @throws InvalidOptionError */
  constructor(options: VerifyOptions = {}) {
    const checked = checkVerifyOptions(options);
    const { protocol, restarts, wipes, diskFaults } = checked;
    this.#options = checked;
    this.#faults = { restart: restarts, wipe: wipes, diskFault: diskFaults };
    this.#protocol = new ElectionProtocol({
      ...checked,
      step: checked.step ?? stepOf(protocol),
      faults: this.#faults,
      options: { protocol, unsafe: protocol !== "troupe", ...checked.election },
    });
    this.#maker = new AutomataMaker(this.#protocol, this.#words);
  }

  /** Whether everything was looked at, or a violation was found. */
  get ended(): boolean {
    return this.#phase?.search.ended ?? false;
  }

  /** States of the whole found so far, and, before there are any, of single peers. */
  get progress(): { readonly states: number; readonly left: number; readonly locals: number } {
    const search = this.#phase?.search;
    return {
      states: search?.states ?? 0,
      left: search?.left ?? 0,
      locals: this.#phase?.full.peers.reduce((sum, peer) => sum + peer.locals.length, 0) ??
        this.#maker.locals,
    };
  }

  /** Looks at up to `count` states more. */
  advance(count: number): void {
    if (this.#phase !== undefined) return this.#phase.search.advance(count);
    try {
      if (this.#maker.advance(count)) this.#phase = this.#startSearch();
    } catch (error) {
      if (!(error instanceof TooManyMessages)) throw error;
      this.#maker = new AutomataMaker(this.#protocol, ++this.#words);
    }
  }

  #startSearch(): Phase {
    const full = this.#maker.automata;
    const minimal = full.peers.map((peer) => minimise(peer));
    const peers = minimal.map(({ automaton }) => automaton);
    return { full, minimal, search: new Search({ ...full, peers }, this.#faults) };
  }

  get report(): VerifyReport {
    const phase = this.#phase;
    if (phase === undefined) {
      const nothing = { states: 0, left: 0, steps: 0, depth: 0, messages: 0 };
      return { verdict: "unfinished", ...nothing, locals: [], seen: [] };
    }
    const { full, minimal, search } = phase;
    const { violation } = search;
    return {
      verdict: violation !== undefined ? "violated" : search.ended ? "holds" : "unfinished",
      states: search.states,
      left: search.left,
      steps: search.steps,
      depth: search.depth,
      locals: full.peers.map((peer, i) =>
        [peer.locals.length, minimal[i]!.automaton.locals.length] as const
      ),
      messages: full.messages.size,
      seen: [...search.seen].sort(),
      ...(violation && {
        violation: {
          invariant: violation.invariant,
          message: violation.message,
          story: tell(this.#protocol, full, minimal, search, violation),
        },
      }),
    };
  }

  get options(): Verify {
    return this.#options;
  }
}

/** Verifies to the end, or until `maxStates` states are found. @throws InvalidOptionError */
export function verify(options: VerifyOptions = {}, maxStates: number = Infinity): VerifyReport {
  const verification = new Verification(options);
  while (!verification.ended && verification.progress.states < maxStates) {
    verification.advance(1000);
  }
  return verification.report;
}
