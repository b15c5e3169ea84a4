/** The time that a cluster lives in: real, or virtual. */
export interface ClusterTime {
  /** Milliseconds since the cluster was made, on the clock of its events. */
  now(): number;
  /** Calls `fn` at `time`, on the clock of {@linkcode now}; at once if that is over. Virtual time hits it exactly. */
  at(time: number, fn: () => void): Disposable;
  /** Lets time pass until `work` settles; virtual time passes only while somebody waits. `what` is named where it cannot settle. */
  wait<T>(what: string, work: Promise<T>): Promise<T>;
}
