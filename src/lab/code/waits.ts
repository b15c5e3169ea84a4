import type { SystemEvent } from "../../actor/mod.ts";
import type { Agreement } from "../../cluster/mod.ts";
import { fits, isKind } from "../run/arm.ts";
import type { Experiment } from "../run/experiment.ts";
import { failoversOf } from "../run/failovers.ts";
import type { Failover } from "../run/run_result.ts";
import { readDuration } from "../scenario/quantities.ts";
import { NeverHappenedError } from "./errors.ts";

/** A duration: `"200ms"`, `"1.5s"`, or ms. */
export type Duration = string | number;

/** How long something may take; 10 s unless told. */
export interface Within {
  readonly within?: Duration;
}

/** An event that was waited for. */
export interface Happened {
  readonly kind: string;
  /** Ms from the start of the run. */
  readonly t: number;
  /** Whose it is; empty for the cluster's. */
  readonly peer: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Ms that something waited for gets unless told. */
const WITHIN = 10_000;
/** Ms between two looks at the failovers so far. */
const LOOK = 10;

/** What a program waits for. */
export class Waits {
  readonly #experiment: Experiment;
  readonly #signal: AbortSignal | undefined;
  /** Failovers that were there when one was measured last. */
  #measured = 0;

  constructor(experiment: Experiment, signal: AbortSignal | undefined) {
    this.#experiment = experiment;
    this.#signal = signal;
  }

  /** The next event of a kind with these fields. @throws NeverHappenedError */
  event(
    kind: string,
    { within = WITHIN, where = {} }: Within & {
      readonly where?: Readonly<Record<string, unknown>>;
    } = {},
  ): Promise<Happened> {
    const experiment = this.#experiment;
    const ms = readDuration(within);
    const matches = (event: SystemEvent): boolean =>
      isKind(event.kind, kind) && fits(event.data, where);
    return new Promise((resolve, reject) => {
      const end = (): void => {
        hearing[Symbol.dispose]();
        timer[Symbol.dispose]();
        this.#signal?.removeEventListener("abort", abort);
      };
      const abort = (): void => {
        end();
        reject(this.#signal?.reason);
      };
      const timer = experiment.at(experiment.now() + ms, () => {
        end();
        reject(new NeverHappenedError(kind, ms));
      });
      const hearing = experiment.recorder.hear((event) => {
        if (!matches(event)) return;
        end();
        const { data } = event;
        resolve({ kind: event.kind, t: experiment.now(), peer: String(data["peer"] ?? ""), data });
      });
      this.#signal?.addEventListener("abort", abort, { once: true });
      if (this.#signal?.aborted) abort();
    });
  }

  /** That all peers that are up agree on one tracker. @throws NeverHappenedError */
  async agreed(
    { within = WITHIN, above }: Within & { readonly above?: number } = {},
  ): Promise<Agreement> {
    const timeout = readDuration(within);
    try {
      return await this.#experiment.cluster.tracker({
        timeout,
        ...(above !== undefined && { above }),
        ...(this.#signal && { signal: this.#signal }),
      });
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw new NeverHappenedError("an agreement on one tracker", timeout, { cause: error });
    }
  }

  /**
   * That the tracker which the faults since the last measurement took is replaced, for good: a later fault may have struck one that had
   * no office any more. @throws NeverHappenedError
   */
  async failover({ within = WITHIN }: Within = {}): Promise<Failover> {
    const { recorder, faults } = this.#experiment;
    const ms = readDuration(within);
    const end = this.#experiment.now() + ms;
    const { at: before = 0, peers: struck = [] } = faults.fired.at(-1) ?? {};
    for (;;) {
      const { failovers } = failoversOf(recorder.journal);
      const last = failovers.at(-1);
      const stands = last !== undefined &&
        (last.at + last.all >= before || !struck.includes(last.next));
      if (stands && failovers.length > this.#measured) {
        this.#measured = failovers.length;
        return last;
      }
      const now = this.#experiment.now();
      if (now >= end) throw new NeverHappenedError("a failover", ms);
      await this.#experiment.until(now + LOOK);
    }
  }
}
