import type { ActorId, ActorRef, HeapLimits, NodeId } from "../../actor/mod.ts";
import { nodeOf } from "../../actor/mod.ts";
import type { ActorNode } from "../../actor/node.ts";
import { makeRef } from "../../actor/refs.ts";
import type { SupervisorProtocol } from "../../supervision/mod.ts";
import { heapState } from "./platform.ts";
import type { Switchboard } from "./switchboard.ts";
import type { Tenant } from "./tenants.ts";
import type { OwnedThread } from "./ground.ts";
import type { ActorInfo, KernelProtocol, NodeInfo } from "./wire.ts";

/** Milliseconds that a node, and a supervisor, get to answer. */
const NODE_TIMEOUT = 1_000;
const SUPERVISOR_TIMEOUT = 250;

/** An actor in the tree of a system, with those that it spawned. */
export interface ActorTree extends ActorInfo {
  /** Automatic restarts, as its supervisor counts them; undefined where it has none, or that did not answer. */
  readonly restarts: number | undefined;
  /** Its thread did not answer: besides `current`, this is what was known last. */
  readonly stale: boolean;
  /** In the order of their start. */
  readonly children: readonly ActorTree[];
}

/** A thread as `inspect` shows it. What hangs is shown like the others: it is read from shared memory. */
export interface ThreadInfo {
  readonly node: NodeId;
  /** A zombie was ended, and runs on: it has no actors any more. */
  readonly state: "starting" | "running" | "unresponsive" | "zombie";
  /** The pool it belongs to; undefined for the main thread and for one that a single actor has. */
  readonly pool: string | undefined;
  /** How unlikely its silence is while it lives: 8 for one in 10^8. The main thread, which watches, has 0. */
  readonly phi: number;
  /** Milliseconds since the last sign of life; since it was ended, for a zombie. */
  readonly silentMs: number;
  /** What holds the thread, or was begun last and waits. */
  readonly current:
    | { readonly actor: ActorId; readonly method: string | undefined; readonly sinceMs: number }
    | undefined;
  /** Bytes of its heap in use. */
  readonly heapUsed: number;
  /** The limits it was started with. */
  readonly heap: HeapLimits;
  /** Milliseconds since it was started. */
  readonly ageMs: number;
}

/** What is read of a whole system. */
export interface SystemInfo {
  /** The nodes that answered. */
  readonly nodes: readonly NodeInfo[];
  /** All actors, as who spawned whom. At the top are those that no actor spawned, or whose parent has ended. */
  readonly tree: readonly ActorTree[];
  /** All threads, the main one first, zombies last. */
  readonly threads: readonly ThreadInfo[];
  /** Threads that were ended and run on. */
  readonly zombies: number;
}

/** Looks at a system from its main thread. */
export class Inspector {
  readonly #node: ActorNode;
  readonly #switchboard: Switchboard;
  /** What was seen of each actor last, for when its thread does not answer. */
  #last: ReadonlyMap<ActorId, ActorInfo> = new Map();

  constructor(node: ActorNode, switchboard: Switchboard) {
    this.#node = node;
    this.#switchboard = switchboard;
  }

  async inspect(): Promise<SystemInfo> {
    const nodes = await this.#askNodes();
    const answered = new Set(nodes.map(({ node }) => node));
    const fresh = nodes.flatMap(({ actors }) => actors);
    // Threads that began or ended meanwhile are shown as they are now.
    const silent = this.#switchboard.threads.filter(({ node }) => !answered.has(node));
    const stale = silent.flatMap((thread) => this.#remember(thread));
    this.#last = new Map([...fresh, ...stale].map((actor) => [actor.id, actor]));
    const restarts = await this.#askSupervisors(fresh);
    return {
      nodes,
      tree: grow([...fresh, ...stale], restarts, answered),
      threads: this.#threads(),
      zombies: this.#switchboard.zombies.length,
    };
  }

  async #askNodes(): Promise<NodeInfo[]> {
    const { liveness, threads } = this.#switchboard;
    const nodes = threads
      .filter(({ node, up }) => up && liveness.suspicion(node) === undefined)
      .map(({ node }) => node);
    const answers = await Promise.allSettled([this.#node.id, ...nodes].map((node) => {
      const kernel: ActorRef<KernelProtocol> = this.#switchboard.kernel(node);
      return kernel.with({ timeout: NODE_TIMEOUT }).ask.inspect();
    }));
    return answers.flatMap((answer) => answer.status === "fulfilled" ? [answer.value] : []);
  }

  async #askSupervisors(actors: readonly ActorInfo[]): Promise<Map<ActorId, number>> {
    const restarts = new Map<ActorId, number>();
    const supervisors = actors.filter(({ kind, state }) =>
      kind === "supervisor" && state !== "starting"
    );
    await Promise.allSettled(supervisors.map(async ({ id, name }) => {
      const ref = makeRef<SupervisorProtocol>(this.#node.outside, id, name);
      for (const child of await ref.with({ timeout: SUPERVISOR_TIMEOUT }).ask.whichChildren()) {
        if (typeof child.ref === "object") restarts.set(child.ref.id, child.restarts);
      }
    }));
    return restarts;
  }

  /** The actors of a thread that does not answer. */
  #remember(thread: OwnedThread): ActorInfo[] {
    const actors = new Map<ActorId, ActorInfo>();
    for (const actor of this.#last.values()) {
      if (nodeOf(actor.id) === thread.node) actors.set(actor.id, { ...actor, current: undefined });
    }
    const now = this.#node.host.clock.now();
    for (const [id, tenant] of thread.tenants.living) {
      if (!actors.has(id)) actors.set(id, unseen(id, tenant, now - thread.startedAt));
    }
    const current = workOf(thread, now);
    const held = current && actors.get(current.actor);
    if (current !== undefined && held !== undefined) {
      const { method = "", sinceMs } = current;
      actors.set(held.id, { ...held, state: "busy", current: { method, sinceMs } });
    }
    return [...actors.values()];
  }

  #threads(): ThreadInfo[] {
    const { threads, zombies, liveness } = this.#switchboard;
    const now = this.#node.host.clock.now();
    const common = (thread: OwnedThread): Omit<ThreadInfo, "state" | "phi" | "silentMs"> => ({
      node: thread.node,
      pool: thread.pool,
      current: workOf(thread, now),
      heapUsed: thread.pulse.heapUsed,
      heap: thread.heap,
      ageMs: now - thread.startedAt,
    });
    return [
      this.#main(now),
      ...threads.map((thread): ThreadInfo => ({
        ...common(thread),
        ...liveness.state(thread.node),
        state: !thread.up
          ? "starting"
          : liveness.suspicion(thread.node) === undefined
          ? "running"
          : "unresponsive",
      })),
      ...zombies.map(({ thread, endedAt }): ThreadInfo => ({
        ...common(thread),
        state: "zombie",
        phi: Infinity,
        silentMs: now - endedAt,
      })),
    ];
  }

  #main(now: number): ThreadInfo {
    return {
      node: this.#node.id,
      state: "running",
      pool: undefined,
      phi: 0,
      silentMs: 0,
      current: undefined,
      heapUsed: heapState().used,
      heap: {},
      ageMs: now,
    };
  }
}

function workOf(thread: OwnedThread, now: number): ThreadInfo["current"] {
  const { current } = thread.pulse;
  return current &&
    { actor: current.actor, method: current.method, sinceMs: Math.max(0, now - current.since) };
}

/** An actor of which nothing is known but that it was spawned. */
function unseen(id: ActorId, tenant: Tenant, ageMs: number): ActorInfo {
  return {
    id,
    name: tenant.name,
    parent: tenant.parent,
    kind: "worker",
    node: nodeOf(id),
    state: "idle",
    mailbox: { size: 0, capacity: Infinity, peak: 0, dropped: 0 },
    handled: 0,
    failed: 0,
    current: undefined,
    ageMs,
  };
}

function grow(
  actors: readonly ActorInfo[],
  restarts: ReadonlyMap<ActorId, number>,
  answered: ReadonlySet<NodeId>,
): ActorTree[] {
  const here = new Set(actors.map(({ id }) => id));
  const byParent = new Map<ActorId | undefined, ActorInfo[]>();
  for (const actor of [...actors].sort((a, b) => b.ageMs - a.ageMs)) {
    const parent = actor.parent !== undefined && here.has(actor.parent) ? actor.parent : undefined;
    const siblings = byParent.get(parent);
    if (siblings === undefined) byParent.set(parent, [actor]);
    else siblings.push(actor);
  }
  const childrenOf = (parent: ActorId | undefined): ActorTree[] =>
    (byParent.get(parent) ?? []).map((actor) => ({
      ...actor,
      restarts: restarts.get(actor.id),
      stale: !answered.has(actor.node),
      children: childrenOf(actor.id),
    }));
  return childrenOf(undefined);
}
