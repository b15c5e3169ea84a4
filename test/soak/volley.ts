import { setMaxListeners } from "node:events";
import type { ActorRef } from "../../src/actor.ts";
import type { VictimProtocol } from "./fixtures/victim.ts";

/** Many asks at once. */
export interface Volley {
  readonly asks: number;
  /** So many of them get no answer while the target lives. */
  readonly held: number;
}

/** What became of asks. Each counts once. */
export interface Tally {
  readonly answered: number;
  /** The target ended first, and the asker was told. */
  readonly lost: number;
  /** Everything else, as texts: there should be none. */
  readonly wrong: readonly string[];
}

/** Well above what one cycle takes on a busy machine: only an ask that was forgotten gets there. */
export const TIMEOUT = 20_000;

/** Asks `target`; settles when all asks have. */
export async function fire(
  target: ActorRef<VictimProtocol>,
  { asks, held }: Volley,
  signal: AbortSignal,
): Promise<Tally> {
  const { ask } = target.with({ timeout: TIMEOUT, signal });
  const outcomes = await Promise.all(Array.from({ length: asks }, async (_, n) => {
    try {
      const answer = n < held ? await ask.hold() : await ask.say(n);
      return answer === n ? "answered" : `asked ${n}, got ${answer}`;
    } catch (error) {
      const { code, message } = error as Error & { readonly code?: unknown };
      return code === "noproc" ? "lost" : message;
    }
  }));
  const count = (wanted: string): number => outcomes.filter((text) => text === wanted).length;
  const wrong = outcomes.filter((text) => text !== "answered" && text !== "lost");
  return { answered: count("answered"), lost: count("lost"), wrong };
}

export const NO_ASKS: Tally = { answered: 0, lost: 0, wrong: [] };

export function sum(a: Tally, b: Tally): Tally {
  return {
    answered: a.answered + b.answered,
    lost: a.lost + b.lost,
    wrong: [...a.wrong, ...b.wrong],
  };
}

/** A signal for any number of asks at one time; Node warns of more than ten listeners to others. */
export function busySignal(): AbortSignal {
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  return signal;
}
