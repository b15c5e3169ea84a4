import process from "node:process";

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
