import { Readable, Writable } from "node:stream";
import type { ClusterOptions } from "../../src/cluster/api.ts";
import type { Input, Io, Output, Stop } from "../../src/cli/io.ts";
import { main } from "../../src/cli/run.ts";
import type { Misbehaviour } from "./fake_cluster.ts";
import { FakeCluster } from "./fake_cluster.ts";

/** How a {@linkcode run} of the command line is set up. */
export interface RunOptions {
  readonly stdin?: string | Readable;
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  readonly tty?: boolean;
  readonly wrong?: Misbehaviour;
  /** Gets the cluster as soon as it is made. */
  readonly started?: (cluster: FakeCluster) => void;
  /** Gets the codes that the process is ended with at once. */
  readonly exits?: number[];
  /** Gets all that is on stdout so far, whenever that grows. */
  readonly wrote?: (text: string) => void;
  /** Gets what stops the process. */
  readonly stopper?: (stop: (stop: Stop) => void) => void;
}

/** What came of it. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly clusters: readonly FakeCluster[];
  /** Codes that the process was ended with at once. */
  readonly exits: readonly number[];
}

/** Runs the command line on a {@linkcode FakeCluster} and captures what it prints. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const [stdout, stderr] = [
    capture(options.tty, 80, options.wrote),
    capture(options.tty),
  ];
  const clusters: FakeCluster[] = [];
  const { exits = [] } = options;
  const stops = new Set<(stop: Stop) => void>();
  options.stopper?.((stop) => {
    for (const fn of [...stops]) fn(stop);
  });
  const { stdin = "" } = options;
  const io: Io = {
    stdin:
      (typeof stdin === "string" ? Readable.from(stdin === "" ? [] : [stdin]) : stdin) as Input,
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: options.env ?? {},
    runtime: "node 20",
    cwd: options.cwd ?? "/",
    // deno-lint-ignore require-await -- what the constructor throws must come as a rejection
    async createCluster(settings: ClusterOptions) {
      const cluster = new FakeCluster(settings, options.wrong);
      clusters.push(cluster);
      options.started?.(cluster);
      return cluster;
    },
    onStop(fn) {
      stops.add(fn);
      return { [Symbol.dispose]: () => void stops.delete(fn) };
    },
    self: ["troupe"],
    exec: () => Promise.resolve({ code: undefined, stderr: "" }),
    launch: () => Promise.reject(new Error("No test starts a process")),
    exit: (code) => void exits.push(code),
  };
  const code = await main(argv, io);
  return { code, stdout: stdout.text(), stderr: stderr.text(), clusters, exits };
}

/** A stream that keeps what is written to it. */
export function capture(
  tty = false,
  columns = 80,
  wrote: (text: string) => void = () => {},
): { stream: Output; text(): string } {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      wrote(text);
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY: tty, columns }), text: () => text };
}
