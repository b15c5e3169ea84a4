import assert from "node:assert/strict";
import { after, before } from "node:test";
import type { ActorSystem, SystemEvent, SystemOptions } from "../../../src/actor.ts";
import { caseHost } from "./host.ts";
import { POOL, SINGLE } from "./stage.ts";

/** One system for all tests of a `describe`: a pool of two threads, and one that is a single thread. */
export function oneSystem(options: SystemOptions = {}): () => ActorSystem {
  const host = caseHost();
  let system: ActorSystem | undefined;
  before(async () => {
    system = await host.createSystem({
      threads: { [POOL]: { size: 2 }, [SINGLE]: { size: 1 } },
      ...options,
    });
  });
  after(() => system?.shutdown());
  return () => {
    if (system === undefined) throw new Error("There is no system outside of tests");
    return system;
  };
}

/** Collects the events of `kind` as long as the test runs. */
export function eventsOf(
  t: { after(fn: () => void): void },
  system: ActorSystem,
  kind: string,
): SystemEvent[] {
  const events: SystemEvent[] = [];
  const listening = system.on(kind, (event) => events.push(event));
  t.after(() => listening[Symbol.dispose]());
  return events;
}

/** `stop a shutdown` without why. */
export function short(line: string): string {
  return line.split(" ").slice(0, 2).join(" ");
}

/** What `work` is rejected with; fails if it is not. */
export function rejection(work: Promise<unknown>): Promise<Error & { readonly code?: string }> {
  return work.then(
    (value) => assert.fail(`it was not rejected, it gave ${value}`),
    (error) => error,
  );
}

export const NORMAL = { kind: "normal" } as const;
export const SHUTDOWN = { kind: "shutdown" } as const;
export const DETAIL = { kind: "shutdown", detail: "enough" } as const;
