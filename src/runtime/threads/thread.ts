import { MessageChannel, Worker } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import type { ExitReason, HeapLimits, NodeId } from "../../actor/mod.ts";
import { OutOfMemoryError } from "./errors.ts";
import type { Ending, OwnedThread, ThreadOptions } from "./ground.ts";
import { EXIT_MEANS_GONE, moduleUrl, workerEntry } from "./platform.ts";
import { newPulse, PulseReader } from "./pulse.ts";
import { Tenants } from "./tenants.ts";
import type { ThreadData } from "./wire.ts";

/** A worker thread as its owner sees it. */
export class Thread implements OwnedThread {
  readonly node: NodeId;
  /** The main thread's end of the port. */
  readonly port: MessagePort;
  readonly pool: string | undefined;
  readonly heap: HeapLimits;
  readonly startedAt: number;
  readonly pulse: PulseReader;
  readonly tenants: Tenants = new Tenants();
  /** What {@linkcode ThreadData} promises, once the thread has said that it listens. */
  readonly ready: Promise<void>;
  /** Settles when the runtime says that the thread has ended. */
  readonly exited: Promise<void>;
  /** Settles when the thread does not run any more. */
  readonly gone: Promise<void>;
  /** An error that the thread itself reported before it ended. */
  crash: Error | undefined;
  /** Why it is being ended on purpose. */
  reason: ExitReason | undefined;
  /** Whether {@linkcode ready} has settled well. */
  up = false;
  readonly #worker: Worker;
  #settleReady!: { resolve: () => void; reject: (error: Error) => void };

  constructor(
    data: Pick<ThreadData, "start" | "seed" | "beatMs" | "faults">,
    options: ThreadOptions,
    ended: Ending,
  ) {
    this.node = options.node;
    this.pool = options.pool;
    this.heap = options.heap ?? {};
    this.startedAt = options.startedAt;
    this.ready = new Promise((resolve, reject) => (this.#settleReady = { resolve, reject }));
    // A death before anyone waits is told by `ended` as well.
    this.ready.catch(() => {});
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    const memory = newPulse();
    this.pulse = new PulseReader(this.node, memory);
    const lifeline = EXIT_MEANS_GONE ? undefined : new MessageChannel();
    const { oldMb, youngMb } = this.heap;
    this.#worker = new Worker(
      workerEntry(moduleUrl("../../../workers/thread.ts", import.meta.url)),
      {
        workerData: {
          ...data,
          node: this.node,
          port: port2,
          pulse: memory,
          heap: this.heap,
          ...(lifeline && { lifeline: lifeline.port2 }),
        } satisfies ThreadData,
        transferList: lifeline === undefined ? [port2] : [port2, lifeline.port2],
        resourceLimits: {
          ...(oldMb !== undefined && { maxOldGenerationSizeMb: oldMb }),
          ...(youngMb !== undefined && { maxYoungGenerationSizeMb: youngMb }),
        },
      },
    );
    let failure: Error | undefined;
    // Node ends the whole process where nobody listens for errors.
    this.#worker.on("error", (error: Error & { readonly code?: unknown }) => {
      failure = error;
      if (error.code !== "ERR_WORKER_OUT_OF_MEMORY") return;
      this.crash = new OutOfMemoryError(this.node, this.heap);
    });
    this.#worker.on("messageerror", (error) => (failure = error));
    this.exited = new Promise((resolve) => {
      this.#worker.on("exit", (code) => {
        const cause = failure ??
          (this.reason ? undefined : new Error(`its thread exited with code ${code}`));
        this.#settleReady.reject(this.crash ?? cause ?? new Error("its thread was ended"));
        resolve();
        ended(cause);
      });
    });
    this.gone = lifeline === undefined ? this.exited : closing(lifeline.port1);
  }

  /** Whether it ends with the one actor that it was started for. */
  get exclusive(): boolean {
    return this.pool === undefined;
  }

  becameReady(): void {
    this.up = true;
    this.#settleReady.resolve();
  }

  /** Ends the thread; {@linkcode gone} tells when that is done. */
  terminate(): void {
    // What it resolves with differs between runtimes, and it may never settle; `exit` is the news.
    this.#worker.terminate().catch(() => {});
  }
}

/** Settles when the other end of `port` does not exist any more. */
function closing(port: MessagePort): Promise<void> {
  return new Promise((resolve) => {
    port.on("close", () => resolve());
    // Deno closes no port that nobody reads.
    port.on("message", () => {});
    port.unref();
  });
}
