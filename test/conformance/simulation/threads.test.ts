/**
 * The cases of test/conformance/threads, unchanged, on simulated threads. Left out is programs.test.ts (114, 116): it is
 * about processes and their garbage.
 *
 * @module
 */
import { runOn } from "../threads/host.ts";
import { simulation } from "./host.ts";

runOn(simulation());
await import("../threads/administration.test.ts");
await import("../threads/backoff.test.ts");
await import("../threads/calls.test.ts");
await import("../threads/intensity.test.ts");
await import("../threads/monitors.test.ts");
await import("../threads/names.test.ts");
await import("../threads/restart_loop.test.ts");
await import("../threads/restart_type.test.ts");
await import("../threads/significant.test.ts");
await import("../threads/start.test.ts");
await import("../threads/stop.test.ts");
await import("../threads/strategy.test.ts");
await import("../threads/threads.test.ts");
await import("../threads/tree.test.ts");
