import { Worker } from "node:worker_threads";

/** What a thread of a pool answers. */
type Reply<A> = { readonly answer: A } | { readonly error: unknown };

interface Job<T, A> {
  readonly task: T;
  readonly resolve: (answer: A) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Some threads that each do one task after the other. They are started when they are first needed, all in `module`, which calls
 * {@linkcode serveJobs}.
 *
 * @example
 * ```ts
 * await using pool = new JobPool<number, number>(new URL("./double.ts", import.meta.url), 2);
 * await pool.do(21); // 42
 * ```
 */
export class JobPool<T, A> implements AsyncDisposable {
  readonly #module: URL;
  readonly #size: number;
  readonly #waiting: Job<T, A>[] = [];
  readonly #idle: Worker[] = [];
  readonly #working = new Map<Worker, Job<T, A>>();
  readonly #all = new Set<Worker>();
  #closed: Error | undefined;

  /** @param size threads, at most */
  constructor(module: URL, size: number) {
    this.#module = module;
    this.#size = size;
  }

  get size(): number {
    return this.#size;
  }

  /** Rejects with what the task threw, or if the pool is closed meanwhile. */
  do(task: T): Promise<A> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ task, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    if (this.#closed !== undefined) {
      for (const job of this.#waiting.splice(0)) job.reject(this.#closed);
      return;
    }
    const [job] = this.#waiting;
    if (job === undefined) return;
    const worker = this.#idle.pop() ?? (this.#all.size < this.#size ? this.#start() : undefined);
    if (worker === undefined) return;
    this.#waiting.shift();
    this.#working.set(worker, job);
    worker.postMessage(job.task);
  }

  #start(): Worker {
    const worker = new Worker(this.#module);
    this.#all.add(worker);
    worker.on("message", (reply: Reply<A>) => {
      const job = this.#working.get(worker);
      this.#working.delete(worker);
      this.#idle.push(worker);
      if ("error" in reply) job?.reject(reply.error);
      else job?.resolve(reply.answer);
      this.#next();
    });
    const ended = (reason: unknown): void => {
      this.#all.delete(worker);
      const job = this.#working.get(worker);
      this.#working.delete(worker);
      job?.reject(this.#closed ?? reason);
      this.#next();
    };
    worker.on("error", ended);
    worker.on("exit", () => ended(new Error("A job's thread ended without an answer")));
    return worker;
  }

  /** Ends the threads; what was not done is rejected. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= new Error("The pool was closed before the task was done");
    this.#next();
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }
}
