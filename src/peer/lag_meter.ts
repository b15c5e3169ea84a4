/** Milliseconds that a timer is late on an idle machine. */
const USUAL = 2;
/** Share of the shortest timeout that a timer may be late without a word: with a heartbeat's third, it leaves room enough. */
const SHARE = 0.25;

/**
 * How far an event loop lags, in ms, after a timer that was `late` ms; `before` is what it was. A timely timer halves it: one
 * hiccup seldom comes alone (Lifeguard's idea, reference `election.md` §2.1). In steps, each twice the one below, so that it changes seldom.
 */
export function nextLag(before: number, late: number, timeoutMin: number): number {
  const least = Math.max(USUAL, SHARE * timeoutMin);
  const lag = Math.max(late, before / 2);
  return lag < least ? 0 : least * 2 ** Math.ceil(Math.log2(lag / least));
}
