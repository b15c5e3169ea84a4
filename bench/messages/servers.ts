import * as Comlink from "comlink";
import type { MessagePort } from "node:worker_threads";

/** What the driver sends on a raw port. A bare number is to be sent back as it is. */
export type RawMessage = number | {
  /** Absent: nobody waits for an answer. */
  readonly id?: number;
  readonly method: "say" | "note" | "noted";
  readonly args: readonly number[];
};

/** Answers calls by hand, without any library. */
export function serveRaw(port: MessagePort): void {
  let noted = 0;
  const methods = {
    say: (n = 0): number => n,
    note: (): number => noted++,
    noted: (): number => noted,
  };
  port.on("message", (message: RawMessage) => {
    if (typeof message === "number") return port.postMessage(message);
    const value = methods[message.method](...message.args);
    if (message.id !== undefined) port.postMessage({ id: message.id, value });
  });
}

/** Answers calls with comlink as it comes. */
export function serveComlink(port: MessagePort): void {
  Comlink.expose({ say: (n: number): number => n }, port as unknown as Comlink.Endpoint);
}
