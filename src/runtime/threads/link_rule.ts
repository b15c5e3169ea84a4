/** What lasting faults do to the messages from one place to another; the same words on threads and in simulation. */
export interface LinkRule {
  /** Milliseconds that every message takes longer. */
  readonly delay: number;
  /** Milliseconds, at most, that are added at random to the delay. */
  readonly jitter: number;
  /** The part of the messages that is lost, 0 to 1. */
  readonly loss: number;
  /** The part that arrives twice, 0 to 1. */
  readonly duplication: number;
  /** The part that those sent later may overtake, 0 to 1. */
  readonly reordering: number;
  /** What is sent is lost. */
  readonly blocked: boolean;
  /** What is sent waits until it is not held any more. */
  readonly held: boolean;
}

/** Nothing is done to the messages. */
export const CLEAR: LinkRule = {
  delay: 0,
  jitter: 0,
  loss: 0,
  duplication: 0,
  reordering: 0,
  blocked: false,
  held: false,
};

/** Whether `rule` does nothing to messages. */
export function isClear(rule: LinkRule): boolean {
  const { delay, jitter, loss, duplication, reordering, blocked, held } = rule;
  return delay === 0 && jitter === 0 && loss === 0 && duplication === 0 && reordering === 0 &&
    !blocked && !held;
}
