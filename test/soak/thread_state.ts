import { getEventListeners } from "node:events";
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What one thread holds on to, as its runtime tells. */
export interface ThreadState {
  /** What keeps its event loop going, by kind; Deno tells nothing. */
  readonly resources: Readonly<Record<string, number>>;
  /** Listeners of the process and of the signal that every ask was made with. */
  readonly listeners: number;
  /** Bytes, after a collection. */
  readonly heapUsed: number;
}

/** What belongs to the standard streams, which whoever prints opens, and to files being loaded. */
const OF_OTHERS = /^(Pipe|TTY|FS|Close)/;

/** Frees what nobody holds. */
export const collect: () => void = collector();

/** This thread, as it is now. */
export function threadState(signal: AbortSignal): ThreadState {
  collect();
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo().sort()) {
    if (OF_OTHERS.test(kind)) continue;
    resources[kind] = (resources[kind] ?? 0) + 1;
  }
  const listeners = process.eventNames()
    .reduce((count, name) => count + process.listenerCount(name), 0);
  return {
    resources,
    listeners: listeners + getEventListeners(signal, "abort").length,
    heapUsed: process.memoryUsage().heapUsed,
  };
}

/** The engine's collector, also where `--expose-gc` was not given. */
function collector(): () => void {
  const exposed = (globalThis as { readonly gc?: () => void }).gc;
  if (exposed !== undefined) return exposed;
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
