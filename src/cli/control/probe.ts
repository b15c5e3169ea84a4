import type { Socket } from "node:net";
import { connect } from "node:net";
import { isStale } from "./place.ts";

/** Milliseconds that a cluster may take to accept a connection. */
const WITHIN = 2_000;

/** Opens a connection to the socket at `path`. Rejects with the system's error. */
export function openSocket(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`Nobody accepts a connection at ${path} within ${WITHIN} ms`));
    }, WITHIN);
    const settled = (settle: () => void): void => {
      clearTimeout(timer);
      socket.off("error", failed);
      settle();
    };
    const failed = (error: Error): void => settled(() => reject(error));
    socket.once("error", failed);
    socket.once("connect", () => settled(() => resolve(socket)));
  });
}

/** Whether somebody listens at `path`: `stale` is a socket that outlived its process. */
export async function probe(path: string): Promise<"alive" | "stale" | "unknown"> {
  try {
    (await openSocket(path)).destroy();
    return "alive";
  } catch (error) {
    return isStale(error) ? "stale" : "unknown";
  }
}
