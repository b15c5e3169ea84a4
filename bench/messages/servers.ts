import * as Comlink from "comlink";
import type { MessagePort } from "node:worker_threads";
import type { Envelope } from "../../src/actor/envelope.ts";
import { Link } from "../../src/runtime/threads/link.ts";

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

/** Answers with what travels between threads, and no actors at its ends: one comlink call there, one back. */
export function serveLink(port: MessagePort): void {
  const link = openLink(port, (envelope) => {
    if (envelope.kind !== "ask") return;
    const [value] = envelope.args as unknown[];
    link.send({ kind: "reply", id: envelope.id, value, coded: false, failed: false }, []);
  });
}

/** A link that hands over what comes, one by one. */
export function openLink(port: MessagePort, receive: (envelope: Envelope) => void): Link {
  return new Link(port, {
    received: (batch) => batch.forEach(receive),
    closed: () => {},
    undeliverable: (_, cause) => fail(cause),
    dropped: () => fail("a fault nobody asked for"),
    refused: fail,
  });
}

function fail(cause: unknown): never {
  throw new Error("the bare link lost a message", { cause });
}
