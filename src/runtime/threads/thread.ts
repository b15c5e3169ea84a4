import type { MessagePort } from "node:worker_threads";
import { MessageChannel, Worker } from "node:worker_threads";
import type { ExitReason, NodeId, SpawnOptions } from "../../actor/mod.ts";
import { moduleUrl, workerEntry } from "./platform.ts";
import type { ThreadData } from "./wire.ts";

/** Why a thread ended, as far as its owner knows. */
export type Ending = (cause: Error | undefined) => void;

/** A worker thread as its owner sees it. */
export class Thread {
  readonly node: NodeId;
  /** The main thread's end of the port. */
  readonly port: MessagePort;
  /** Ends with the one actor that it was started for. */
  readonly exclusive: boolean;
  /** What {@linkcode ThreadData} promises, once the thread has said that it listens. */
  readonly ready: Promise<void>;
  /** Settles when the runtime says that the thread is gone. */
  readonly exited: Promise<void>;
  /** An error that the thread itself reported before it ended. */
  crash: Error | undefined;
  /** Why it is being ended on purpose. */
  reason: ExitReason | undefined;
  readonly #worker: Worker;
  #settleReady!: { resolve: () => void; reject: (error: Error) => void };

  constructor(
    data: Omit<ThreadData, "port">,
    options: { readonly exclusive: boolean; readonly heap: SpawnOptions["heap"] },
    ended: Ending,
  ) {
    this.node = data.node;
    this.exclusive = options.exclusive;
    this.ready = new Promise((resolve, reject) => (this.#settleReady = { resolve, reject }));
    // A death before anyone waits is told by `ended` as well.
    this.ready.catch(() => {});
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    const { oldMb, youngMb } = options.heap ?? {};
    this.#worker = new Worker(
      workerEntry(moduleUrl("../../../workers/thread.ts", import.meta.url)),
      {
        workerData: { ...data, port: port2 } satisfies ThreadData,
        transferList: [port2],
        resourceLimits: {
          ...(oldMb !== undefined && { maxOldGenerationSizeMb: oldMb }),
          ...(youngMb !== undefined && { maxYoungGenerationSizeMb: youngMb }),
        },
      },
    );
    let failure: Error | undefined;
    // Node ends the whole process where nobody listens for errors.
    this.#worker.on("error", (error) => (failure = error as Error));
    this.#worker.on("messageerror", (error) => (failure = error));
    this.exited = new Promise((resolve) => {
      this.#worker.on("exit", (code) => {
        const cause = failure ??
          (this.reason ? undefined : new Error(`its thread exited with code ${code}`));
        this.#settleReady.reject(cause ?? new Error("its thread was ended"));
        resolve();
        ended(cause);
      });
    });
  }

  becameReady(): void {
    this.#settleReady.resolve();
  }

  /** Ends the thread; {@linkcode exited} tells when that is done. */
  terminate(): void {
    // What it resolves with differs between runtimes, and it may never settle; `exit` is the news.
    this.#worker.terminate().catch(() => {});
  }
}
