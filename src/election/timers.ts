import type { Config } from "./config.ts";
import type { PeerId } from "./identity.ts";
import type { Settings } from "./options.ts";
import type { State } from "./state.ts";

/** Draws from [0, 1). */
export type Rnd = () => number;

/** The longest that {@linkcode lagBonus} stretches a timeout, in `timeoutMax`. */
const LAG_CAP = 4;
const BACKOFF = 1.5;
const BACKOFF_CAP = 4;
/** Voters beyond whom the longest wait between two rounds grows with their number: so does the work of each round. */
const CROWD = 20;
/** Milliseconds, per voter of a crowd, without another arrival: those who are missing do not come now. */
const ARRIVAL_MS = 10;
/** Parts of `timeoutMin` after which one successor after another asks. */
const SUCCESSORS = 8;
/** The part of `timeoutMin` within which those whose turn it is ask. */
const JITTER = 150;
/** Milliseconds of a processor that a question and its answer take, roughly: sets the first candidates of a crowd apart. */
const QUESTION_MS = 0.3;

/** How long a follower waits for its tracker, ms: U[timeoutMin, timeoutMax] (§1.4 "Timers"). */
export function followerDelay({ timeoutMin, timeoutMax }: Settings, rnd: Rnd): number {
  return uniform(timeoutMin, timeoutMax, rnd);
}

/**
 * How long a round of votes lasts before the next, ms: U[timeoutMin / 2, 0.75 * timeoutMax], which is smaller than a
 * follower's wait so that candidates separate, times 1.5 per round in vain, at most times 4 (§1.4 "Timers"), more in a crowd; and
 * longer by what a host that lags would miss of the answers.
 */
export function roundDelay(
  { settings, config, fails, lag }: Pick<State, "settings" | "config" | "fails" | "lag">,
  rnd: Rnd,
): number {
  const { timeoutMin, timeoutMax } = settings;
  const cap = BACKOFF_CAP * Math.max(1, config.voters.length / CROWD);
  const factor = Math.min(BACKOFF ** fails, cap);
  return uniform(timeoutMin / 2, 0.75 * timeoutMax, rnd) * factor + lagBonus(settings, lag);
}

/**
 * The wait of a peer that never ran, ms: short, since there is no tracker to disturb (§1.6 "Bootstrap"). Longer for the crowd
 * of a large electorate, that few may ask before the first has won.
 */
export function bootstrapDelay(
  { timeoutMin }: Settings,
  { voters }: Config,
  rnd: Rnd,
): number {
  const { length } = voters;
  const range = Math.max(0.4 * timeoutMin, (length / 50) * timeoutMin, QUESTION_MS * length ** 2);
  return timeoutMin / 10 + uniform(0, range, rnd);
}

/** Whether so many vote that an election is work for the machine. */
export function isCrowd({ voters }: Pick<Config, "voters">): boolean {
  return voters.length > CROWD;
}

/**
 * How much longer a crowd that starts waits for those who are missing, ms. Threads that start take the processors from an election
 * that is held meanwhile, and the first tracker from its followers.
 */
export function arrivalDelay({ voters }: Config, present: number): number {
  return present >= voters.length ? 0 : ARRIVAL_MS * voters.length;
}

/**
 * The wait after the tracker `gone` resigned or died, ms: only sets the successors apart (row 26). All hear of it at once, so each
 * has its turn, in the order of the electorate: the first asks almost at once, the next when it would have been heard of by then.
 */
export function successionDelay(
  { timeoutMin, peerId }: Settings,
  { voters }: Config,
  gone: PeerId,
  rnd: Rnd,
): number {
  const turn = voters.filter((voter) => voter !== gone).indexOf(peerId);
  return Math.min(turn / SUCCESSORS, 1) * timeoutMin + jitter(timeoutMin, rnd);
}

/** The wait of a peer that campaigns by command, once it is free to, ms. */
export function campaignDelay({ timeoutMin }: Settings, rnd: Rnd): number {
  return jitter(timeoutMin, rnd);
}

function jitter(timeoutMin: number, rnd: Rnd): number {
  return uniform(0, timeoutMin / JITTER, rnd);
}

/** What a lag of the host adds to a follower's wait, ms (§2.1, Lifeguard). */
export function lagBonus({ timeoutMax }: Settings, lag: number): number {
  return Math.min(Math.max(lag, 0), LAG_CAP * timeoutMax);
}

function uniform(from: number, to: number, rnd: Rnd): number {
  return from + rnd() * (to - from);
}
