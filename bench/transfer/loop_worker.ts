/** One end of the plain loop: reads chunks into the buffers that come, or hashes and writes what comes back. */
import { createHash } from "node:crypto";
import { openSync, readSync, writeSync } from "node:fs";
import type { MessagePort } from "node:worker_threads";
import { parentPort, workerData } from "node:worker_threads";
import type { LoopPart } from "./plain_loop.ts";

const { path, port, size, chunkSize, buffers, role } = workerData as LoopPart;

if (role === "reader") read(port);
else parentPort?.once("message", () => write(port));
parentPort?.postMessage("ready");

interface Piece {
  readonly index: number;
  readonly buffer: ArrayBuffer;
}

function lengthOf(index: number): number {
  return Math.min(chunkSize, size - index * chunkSize);
}

function read(port: MessagePort): void {
  const file = openSync(path, "r");
  port.on("message", ({ index, buffer }: Piece) => {
    readSync(file, new Uint8Array(buffer), 0, lengthOf(index), index * chunkSize);
    port.postMessage({ index, buffer }, [buffer]);
  });
}

function write(port: MessagePort): void {
  const file = openSync(path, "w");
  const count = Math.ceil(size / chunkSize);
  let asked = 0;
  let done = 0;
  const ask = (buffer: ArrayBuffer): void => {
    if (asked < count) port.postMessage({ index: asked++, buffer }, [buffer]);
  };
  port.on("message", ({ index, buffer }: Piece) => {
    const bytes = new Uint8Array(buffer, 0, lengthOf(index));
    createHash("sha256").update(bytes).digest();
    writeSync(file, bytes, 0, bytes.length, index * chunkSize);
    if (++done === count) parentPort?.postMessage("done");
    else ask(buffer);
  });
  for (let i = 0; i < buffers; i++) ask(new ArrayBuffer(chunkSize));
}
