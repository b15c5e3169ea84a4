import { once } from "node:events";
import type { MessagePort } from "node:worker_threads";
import { MessageChannel, Worker } from "node:worker_threads";
import { moduleUrl } from "../../src/actor.ts";

/** What one of the two workers is told. */
export interface LoopPart {
  readonly role: "reader" | "writer";
  readonly path: string;
  readonly port: MessagePort;
  readonly size: number;
  readonly chunkSize: number;
  readonly buffers: number;
}

const CHUNK = 2 ** 20;
const BUFFERS = 8;

/**
 * Two workers without anything around them: one reads, a buffer is transferred, the other hashes and writes it, and
 * sends the buffer back. Gives the milliseconds from the first request to the last write.
 */
export async function plainLoop(from: string, to: string, size: number): Promise<number> {
  const { port1, port2 } = new MessageChannel();
  const rest = { size, chunkSize: CHUNK, buffers: BUFFERS };
  const reader = start({ role: "reader", path: from, port: port1, ...rest });
  const writer = start({ role: "writer", path: to, port: port2, ...rest });
  try {
    await Promise.all([once(reader, "message"), once(writer, "message")]);
    const begun = performance.now();
    writer.postMessage("go");
    await once(writer, "message");
    return performance.now() - begun;
  } finally {
    await Promise.all([reader.terminate(), writer.terminate()]);
  }
}

function start(part: LoopPart): Worker {
  return new Worker(moduleUrl("./loop_worker.ts", import.meta.url), {
    workerData: part,
    transferList: [part.port],
  });
}
