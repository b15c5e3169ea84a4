import type { Cluster, ClusterOptions } from "../cluster/api.ts";

/** Where text goes: stdout, stderr, or what a test captures. */
export type Output = NodeJS.WritableStream & {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
};

/** Where text comes from. */
export type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined };

/** Why the process is asked to end. `EPIPE`: nobody reads its output any more. */
export type Stop = "SIGINT" | "SIGTERM" | "EPIPE";

/** How another program ended. */
export interface Executed {
  readonly code: number | undefined;
  readonly stderr: string;
}

/** A process that was started, or that ended before it was. */
export interface Launched {
  readonly firstLine: string | undefined;
  readonly exitCode: number | undefined;
}

/** The outside world as the command line sees it; tests make one of their own. */
export interface Io {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As `node 20.20.2`. */
  readonly runtime: string;
  /** Absolute; relative paths start here. */
  readonly cwd: string;
  createCluster(options: ClusterOptions): Promise<Cluster>;
  /**
   * Starts `troupe` with `argv` as a process that outlives this one, its stderr in the file `log`. Settles when it has written its
   * first line on stdout, or has ended; nobody reads its stdout afterwards.
   */
  launch(argv: readonly string[], log: string, signal: AbortSignal): Promise<Launched>;
  /** The words of a shell that run this very program. */
  readonly self: readonly string[];
  /** Runs another program to its end; `interactive` gives it the terminal. The code is undefined if there is no such program. */
  exec(program: string, args: readonly string[], interactive: boolean): Promise<Executed>;
  /** Calls `fn` each time the process is asked to end. */
  onStop(fn: (stop: Stop) => void): Disposable;
  /** Ends the process at once; for what does not end in order. */
  exit(code: number): void;
}

/** Whether `stream` is a terminal that can move its cursor. */
export function isTerminal(
  stream: { readonly isTTY?: boolean | undefined },
  env: Io["env"],
): boolean {
  return stream.isTTY === true && env["TERM"] !== "dumb";
}

/** Whether lines may be redrawn for show: on a terminal that a person looks at, not one that a build service keeps as a log. */
export function isLive(stream: { readonly isTTY?: boolean | undefined }, env: Io["env"]): boolean {
  return isTerminal(stream, env) && !env["CI"];
}

/** Columns of `stream`: what COLUMNS says, what the terminal says, the smaller if both do; else 80. */
export function columnsOf(stream: Output, env: Io["env"]): number {
  const said = [Number(env["COLUMNS"]), stream.columns ?? 0].filter((columns) =>
    Number.isInteger(columns) && columns > 0
  );
  return said.length === 0 ? 80 : Math.min(...said);
}
