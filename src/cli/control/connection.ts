import type { Socket } from "node:net";
import { codeOf, errorText, hintOf } from "../errors.ts";
import { ConnectionLostError, RemoteError } from "./errors.ts";
import { Lines } from "./lines.ts";
import type { Notification, Params, Request, Response } from "./messages.ts";
import { readMessage, RPC } from "./messages.ts";

/** Characters of the longest line that is read: a list of some 100 000 files. */
const LONGEST_LINE = 64 * 1024 * 1024;
/** Bytes that wait for a reader who does not read, before events are left out for it. */
const MOST_WAITING = 8 * 1024 * 1024;

/** A request under way, as who serves it sees it. */
export interface Call {
  /** Aborted when the caller takes it back, or is gone. */
  readonly signal: AbortSignal;
  /** Tells the caller how far it is. */
  progress(value: unknown): void;
}

/** What one side of a connection does for the other. */
export interface Service {
  /** Does what is asked; what it rejects with becomes the other side's error. */
  serve?(method: string, params: Params, call: Call): unknown;
  notified?(method: string, params: Params): void;
}

/** How a request is made. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((value: unknown) => void) | undefined;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
  readonly onProgress: ((value: unknown) => void) | undefined;
}

/** JSON-RPC over a socket; both sides are alike. */
export class Connection {
  /** Resolves when the socket is closed. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #service: Service;
  readonly #pending = new Map<number, Pending>();
  readonly #serving = new Map<number | string, AbortController>();
  #last = 0;
  #over = false;
  #dropped = 0;

  constructor(socket: Socket, service: Service = {}) {
    this.#socket = socket;
    this.#service = service;
    const lines = new Lines(LONGEST_LINE);
    socket.on("data", (chunk) => {
      try {
        for (const line of lines.push(chunk)) this.#take(line);
      } catch (error) {
        // Nobody can tell where the next message begins.
        this.#send({ jsonrpc: "2.0", id: null, error: wireError(RPC.parse, error) });
        socket.end();
      }
    });
    // A socket that breaks is closed next, which is what counts.
    socket.on("error", () => {});
    socket.on("drain", () => this.#tellDropped());
    this.closed = new Promise((resolve) =>
      socket.once("close", () => {
        this.#end();
        resolve();
      })
    );
  }

  /** Asks the other side. @throws RemoteError for its error; ConnectionLostError */
  call(method: string, params: Params = {}, options: CallOptions = {}): Promise<unknown> {
    const { signal, onProgress } = options;
    if (this.#over) return Promise.reject(lost());
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#pending.delete(id);
        this.notify("cancel", { id });
        reject(signal?.reason);
      };
      const settled = (): void => {
        this.#pending.delete(id);
        signal?.removeEventListener("abort", abort);
      };
      this.#pending.set(id, {
        resolve: (result) => (settled(), resolve(result)),
        reject: (error) => (settled(), reject(error)),
        onProgress,
      });
      signal?.addEventListener("abort", abort, { once: true });
      this.#send({ jsonrpc: "2.0", id, method, params });
    });
  }

  /** Tells the other side; nobody waits for an answer. */
  notify(method: string, params: Params): void {
    this.#send({ jsonrpc: "2.0", method, params });
  }

  /** As `notify`, but left out while the other side does not read; it is told how many were. */
  stream(method: string, params: Params): void {
    if (this.#socket.writableLength > MOST_WAITING) this.#dropped++;
    else this.notify(method, params);
  }

  /** Sends what waits, then ends the connection. */
  close(): Promise<void> {
    this.#socket.end();
    // The other side may never end its half.
    const timer = setTimeout(() => this.#socket.destroy(), 1_000);
    return this.closed.finally(() => clearTimeout(timer));
  }

  #tellDropped(): void {
    if (this.#dropped === 0) return;
    this.notify("dropped", { events: this.#dropped });
    this.#dropped = 0;
  }

  #send(message: Request | Notification | Response): void {
    if (!this.#over && this.#socket.writable) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  #take(line: string): void {
    const message = readMessage(line);
    if ("malformed" in message) {
      const { id, code, malformed } = message;
      this.#send({ jsonrpc: "2.0", id, error: { code, message: malformed } });
    } else if ("method" in message) {
      if ("id" in message) void this.#serve(message);
      else this.#heed(message);
    } else this.#settle(message);
  }

  async #serve({ id, method, params }: Request): Promise<void> {
    const controller = new AbortController();
    this.#serving.set(id, controller);
    const call: Call = {
      signal: controller.signal,
      progress: (value) => this.stream("progress", { id, value }),
    };
    try {
      if (this.#service.serve === undefined) throw new NoMethod(method);
      const result = await this.#service.serve(method, params, call);
      this.#send({ jsonrpc: "2.0", id, result: result ?? null });
    } catch (error) {
      const code = error instanceof NoMethod ? RPC.noMethod : RPC.failed;
      this.#send({ jsonrpc: "2.0", id, error: wireError(code, error) });
    } finally {
      this.#serving.delete(id);
    }
  }

  #heed({ method, params }: Notification): void {
    const { id, value } = params;
    if (method === "cancel") {
      this.#serving.get(id as number)?.abort(new Error("The caller took it back"));
    } else if (method === "progress") this.#pending.get(id as number)?.onProgress?.(value);
    else this.#service.notified?.(method, params);
  }

  #settle(message: Response): void {
    const pending = this.#pending.get(message.id as number);
    if (pending === undefined) return;
    if ("error" in message) pending.reject(new RemoteError(message.error));
    else pending.resolve(message.result);
  }

  #end(): void {
    this.#over = true;
    for (const { reject } of [...this.#pending.values()]) reject(lost());
    for (const controller of this.#serving.values()) controller.abort(lost());
  }
}

/** The other side has no such method. */
export class NoMethod extends Error {
  constructor(method: string) {
    super(`There is no method "${method}"`);
  }
}

function lost(): ConnectionLostError {
  return new ConnectionLostError("The connection to the cluster is closed");
}

function wireError(code: number, error: unknown): {
  code: number;
  message: string;
  data: { code: string | undefined; hint: string | undefined };
} {
  return { code, message: errorText(error), data: { code: codeOf(error), hint: hintOf(error) } };
}
