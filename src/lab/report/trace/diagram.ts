/** A peer in one role and one epoch, from one time to another; ms from the start of the run. */
export interface Segment {
  readonly peer: number;
  readonly from: number;
  readonly to: number;
  readonly role: string;
  readonly epoch: number;
}

/** A message between two peers. */
export interface Arrow {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
  readonly sent: number;
  /** Absent: it was dropped, or the run ended before. */
  readonly received?: number;
  /** Why it never arrived, where that is known. */
  readonly dropped?: string;
  readonly epoch?: number;
  /** Numbers of the lines that tell of it. */
  readonly sentSeq: number;
  readonly receivedSeq?: number;
  /** The line that led to its being sent. */
  readonly cause?: number;
}

/** Something that happened at a peer. */
export interface Mark {
  readonly seq: number;
  readonly t: number;
  readonly peer: number;
  readonly kind: string;
  readonly text: string;
  readonly cause?: number;
}

/** A fault, while it lasted. */
export interface Band {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly verb: string;
  readonly peers: readonly number[];
  readonly text: string;
}

/** What a space-time diagram shows of one run. */
export interface Diagram {
  readonly peers: readonly string[];
  /** Ms from the start of the run; below 0: while the cluster started. */
  readonly start: number;
  readonly end: number;
  readonly segments: readonly Segment[];
  readonly arrows: readonly Arrow[];
  readonly marks: readonly Mark[];
  readonly bands: readonly Band[];
  /** Lines that are not drawn, with what led to them: chains of causes pass through them. */
  readonly passed: readonly (readonly [seq: number, cause: number])[];
  /** Lines that show what broke. */
  readonly evidence: readonly number[];
}
