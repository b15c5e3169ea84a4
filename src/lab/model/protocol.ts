/** A message that was sent at some time, and may arrive at any time from then on, any number of times or never. */
export interface Sent {
  readonly from: number;
  /** Bit `p` is set where it was sent to peer `p`. */
  readonly to: number;
  /** Whether it may have effects on peers that it was not sent to, see {@linkcode Protocol.delivered}. */
  readonly public: boolean;
  /** Two messages are the same where sender, receivers and text are. */
  readonly text: string;
}

/** What a run may have only so many of. */
export type Fault = "restart" | "wipe" | "diskFault";

/** How many faults of each kind one run may have. */
export type Budget = Readonly<Record<Fault, number>>;

/** A property that does not hold, found at one peer. */
export interface Broken {
  /** As in §1.8: `I1`... */
  readonly invariant: string;
  readonly message: string;
}

/** One thing that may happen to a peer, and what comes of it. */
export interface Outcome<L> {
  /** The peer's state afterwards. */
  readonly local: L;
  readonly sent: readonly Sent[];
  readonly fault?: Fault;
  readonly broken?: Broken;
  /** What happened, for people: the event, then what the peer did. */
  readonly label: () => string;
  /** Things that happened, for coverage, as `win`. */
  readonly tags: readonly string[];
}

/**
 * A protocol as the checker sees it: `L` is all that one peer knows and has on its disk. Peers are numbered from 0. Everything is
 * pure; outcomes are asked for once per local state and cause, however many states of the whole hold them.
 */
export interface Protocol<L> {
  readonly peers: number;
  start(peer: number): L;
  /** Equal texts where two states of a peer are the same. */
  key(local: L): string;
  /** What may happen to a peer at any time, faults included. */
  spontaneous(peer: number, local: L): readonly Outcome<L>[];
  /** What may happen to a peer as long as `sent` is on its way to it, or has ever been sent to anybody. */
  delivered(peer: number, local: L, sent: Sent): readonly Outcome<L>[];
  /**
   * Whether `sent` is nothing to a peer any more: it changes nothing now or ever, nor does the peer ever again send what conflicts
   * with it. Such messages are forgotten when they are nothing to anybody. That it changes nothing now is checked.
   */
  isOver(peer: number, local: L, sent: Sent): boolean;
  /** Why no run may hold both. */
  conflict(a: Sent, b: Sent): Broken | undefined;
  /** A peer's name in stories. */
  name(peer: number): string;
  /** What a peer believes, in a few words. */
  describe(local: L): string;
}
