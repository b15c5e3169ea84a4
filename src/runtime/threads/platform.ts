import { watch } from "node:fs";
import process from "node:process";
import { clearInterval, setInterval } from "node:timers";
import { getHeapStatistics } from "node:v8";

/** Everything that differs between Node and Deno stands in this file (reference `platform.md`). */

/** `node` or `deno`. */
export const RUNTIME: "node" | "deno" = "deno" in process.versions ? "deno" : "node";

/** The runtime's version, for people. */
export const RUNTIME_VERSION: string = RUNTIME === "deno"
  ? process.versions["deno"] ?? "unknown"
  : process.versions.node;

/**
 * Whether `terminate()` stops a loop that never yields. Deno has not since 2.7.6: such a thread is declared dead,
 * fenced off and counted, but burns on.
 */
export const CAN_STOP_LOOPS: boolean = RUNTIME === "node";

/** Whether a worker that has told `exit` runs no more. Deno tells it at once; the ports of the worker close later. */
export const EXIT_MEANS_GONE: boolean = RUNTIME === "node";

/**
 * Whether numbers and short texts cross faster as one text. Deno's structured clone takes 5 us for a small list, where a text takes
 * half of that, JSON both ways included; Node's takes less than JSON.
 */
export const TEXTS_ARE_FASTER: boolean = RUNTIME === "deno";

/**
 * The module beside `base` in the form that this runtime loads: `.ts` where the asking module is `.ts` (Deno),
 * `.js` where it was compiled (Node). `tsc` rewrites imports, but not `new URL`.
 *
 * @example
 * ```ts
 * import { moduleUrl } from "troupe/actor";
 * const url = moduleUrl("../workers/peer.ts", import.meta.url);
 * ```
 */
export function moduleUrl(path: string, base: string): URL {
  const url = new URL(path, base);
  const compiled = !new URL(base).pathname.endsWith(".ts");
  if (compiled) url.pathname = url.pathname.replace(/\.ts$/, ".js");
  return url;
}

/** What `new Worker` takes for `url`: Deno's accepts no `https:` module directly, but a `data:` one that imports it. */
export function workerEntry(url: URL): URL {
  if (url.protocol === "file:" || url.protocol === "data:") return url;
  const code = `import ${JSON.stringify(url.href)};`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

/** Calls `fn` when everything that this turn of the event loop still does is done. */
export function atEndOfTurn(fn: () => void): void {
  // A tick that is asked for in a microtask runs after all microtasks.
  queueMicrotask(() => process.nextTick(fn));
}

/** Calls `fn` every `ms` milliseconds until it is disposed of. Keeps no thread alive. */
export function every(ms: number, fn: () => void): Disposable {
  const timer = setInterval(fn, ms);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Bytes of this thread's heap. A quarter of the price of `process.memoryUsage`, which asks the system as well. */
export function heapState(): { readonly used: number; readonly limit: number } {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return { used, limit };
}

/**
 * Gives a look at this thread's heap that tells whether its limit was reached. Where Deno runs out of memory in a
 * message handler or after an `await`, it ends what runs, raises the limit, and says nothing: the thread lives on
 * with its stack cut off.
 */
export function heapWatch(): () => { readonly used: number; readonly exhausted: boolean } {
  const { limit: atFirst } = heapState();
  return () => {
    const { used, limit } = heapState();
    return { used, exhausted: limit > atFirst };
  };
}

/**
 * Whether one watcher hears of a whole tree of folders. On Linux Node's hears of one folder only: what it offers beyond
 * that watches every file by itself, and loses those that come into a new folder at once.
 */
export const FOLDER_EVENTS: "tree" | "folder" = RUNTIME === "node" && process.platform === "linux"
  ? "folder"
  : "tree";

/** What is used of Deno's watcher: `node:fs` does not say on Deno whether a file was changed or only read. */
interface DenoWatcher
  extends AsyncIterable<{ readonly kind: string; readonly paths: readonly string[] }> {
  close(): void;
}

declare const Deno: { watchFs(path: string, options: { recursive: boolean }): DenoWatcher };

/** Calls `onChange` for what happens below `folder`, until `signal` is aborted; rejects if it cannot be watched. */
export async function watchTree(
  folder: string,
  onChange: () => void,
  signal: AbortSignal,
): Promise<void> {
  if (RUNTIME === "deno") {
    const watcher = Deno.watchFs(folder, { recursive: true });
    const close = (): void => watcher.close();
    signal.addEventListener("abort", close, { once: true });
    for await (const { kind, paths } of watcher) {
      if (kind !== "access") onChange();
      if (kind !== "remove" || !paths.includes(folder)) continue;
      watcher.close();
      throw Object.assign(new Error(`${folder} was removed`), { code: "ENOENT" });
    }
    return;
  }
  const watcher = watch(folder, { recursive: true, persistent: false }, onChange);
  await new Promise<void>((resolve, reject) => {
    watcher.on("error", reject);
    signal.addEventListener("abort", () => resolve(), { once: true });
  }).finally(() => watcher.close());
}
