import process from "node:process";
import type { ActorRef, ActorSystem, ActorTree } from "../../src/actor.ts";
import type { AskerProtocol } from "./fixtures/asker.ts";
import type { ThreadState } from "./thread_state.ts";
import { collect, threadState } from "./thread_state.ts";

/** What there is in a system at rest. Nothing in it may have grown. */
export interface Census {
  readonly pendingAsks: number;
  readonly links: number;
  readonly threads: number;
  readonly zombies: number;
  readonly actors: number;
  /** Messages in mailboxes. */
  readonly queued: number;
  readonly names: number;
  /** As {@linkcode threadState} tells. */
  readonly main: Readonly<Record<string, number>>;
  readonly asker: Readonly<Record<string, number>>;
}

/** Bytes. */
export interface Memory {
  readonly rss: number;
  readonly mainHeap: number;
  readonly askerHeap: number;
}

/** Milliseconds, and how often: the system gives pages back when it likes. */
const REST = 200;
const LOOKS = 10;

export async function takeCensus(
  system: ActorSystem,
  asker: ActorRef<AskerProtocol>,
  signal: AbortSignal,
  timers: boolean,
): Promise<Census> {
  // First: looking needs timers, too.
  const here = threadState(signal);
  const state = await asker.ask.state();
  const names = await system.registry.list({});
  const { nodes, tree, threads, zombies } = await system.inspect();
  const all = flat(tree);
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  return {
    // The look itself asks every node.
    pendingAsks: sum(nodes.map(({ pendingAsks }) => pendingAsks)) - nodes.length,
    links: sum(nodes.map(({ links }) => links)),
    threads: threads.length,
    zombies,
    actors: all.length,
    queued: sum(all.map(({ mailbox }) => mailbox.size)),
    names: names.length,
    main: counts(here, timers),
    asker: counts(state, timers),
  };
}

function counts({ resources, listeners }: ThreadState, timers: boolean): Record<string, number> {
  const { Timeout = 0, ...others } = resources;
  return { ...others, ...(timers && { Timeout }), listeners };
}

function flat(tree: readonly ActorTree[]): ActorTree[] {
  return tree.flatMap((actor) => [actor, ...flat(actor.children)]);
}

/** The least that is in use while nothing happens. */
export async function leastMemory(
  asker: ActorRef<AskerProtocol>,
  signal: AbortSignal,
): Promise<Memory> {
  const rss = await leastRss();
  const [here, there] = [threadState(signal), await asker.ask.state()];
  return { rss, mainHeap: here.heapUsed, askerHeap: there.heapUsed };
}

/** The least resident set of some moments of rest. */
export async function leastRss(): Promise<number> {
  let least = Infinity;
  for (let look = 0; look < LOOKS; look++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, REST));
    least = Math.min(least, process.memoryUsage.rss());
  }
  return least;
}
