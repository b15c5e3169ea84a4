import { setImmediate } from "node:timers";
import type {
  ActorDefinition,
  ActorId,
  ActorRef,
  AnyRef,
  ExitReason,
  NodeId,
  Protocol,
  Registry,
  SpawnOptions,
  SystemEvent,
} from "../../../src/actor/mod.ts";
import { AlreadyRegisteredError, keyedRandom } from "../../../src/actor/mod.ts";
import type { Host, Names } from "../../../src/actor/host.ts";
import { makeRef } from "../../../src/actor/refs.ts";
import { ActorNode } from "../../../src/actor/node.ts";
import { Scheduler } from "./scheduler.ts";

/** One node of real actors, without threads: names are a map, time passes when told to. */
export class FakeSystem {
  readonly scheduler: Scheduler = new Scheduler();
  readonly events: SystemEvent[] = [];
  readonly names: Map<string, ActorId> = new Map();
  /** Names that supervisors expect back. */
  readonly expected: Set<string> = new Set();
  readonly node: ActorNode;

  constructor() {
    this.node = new ActorNode("main" as NodeId, this.#host(), this.#names());
  }

  #host(): Host {
    const unused = (): never => {
      throw new Error("There is nothing but this node");
    };
    return {
      clock: {
        now: () => this.scheduler.now,
        wall: () => this.scheduler.now,
        setTimeout: (fn, ms) => this.scheduler.in(ms, fn),
      },
      random: keyedRandom(1),
      hashing: { sha256: unused },
      disk: unused,
      send: unused,
      down: () => undefined,
      yield: (fn) => void setImmediate(fn),
      load: unused,
      spawn: unused,
      kill: unused,
      emit: (event) => void this.events.push(event),
      ended: () => {},
    };
  }

  #names(): Names {
    const { names, expected } = this;
    return {
      claim(name, id) {
        const owner = names.get(name);
        if (owner !== undefined) return Promise.reject(new AlreadyRegisteredError(name, owner));
        names.set(name, id);
        return Promise.resolve();
      },
      release(id) {
        for (const [name, owner] of names) if (owner === id) names.delete(name);
        return Promise.resolve();
      },
      holds: (id) => [...names.values()].includes(id),
      resolve: (name) => Promise.resolve(names.get(name)),
      view: () =>
        ({
          expect: (name: string) => {
            expected.add(name);
            return Promise.resolve({ [Symbol.dispose]: () => void expected.delete(name) });
          },
        }) as unknown as Registry,
    };
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    for (let i = 0; i < 3; i++) await new Promise<void>((resolve) => void setImmediate(resolve));
  }

  /** Lets `ms` milliseconds pass, with all that happens in them. */
  async run(ms: number): Promise<void> {
    const until = this.scheduler.now + ms;
    await this.settle();
    while (this.scheduler.step(until)) await this.settle();
    this.scheduler.now = until;
  }

  spawn<A, P extends Protocol>(
    definition: ActorDefinition<A, P>,
    args: A,
    options: SpawnOptions = {},
  ): Promise<ActorRef<P>> {
    return this.node.spawn(undefined, definition, args, options);
  }

  /** The actor that has the name now. */
  named<P extends Protocol>(name: string): ActorRef<P> {
    const id = this.names.get(name);
    if (id === undefined) throw new Error(`Nobody is called ${name}`);
    return this.ref(id);
  }

  ref<P extends Protocol>(id: ActorId): ActorRef<P> {
    return makeRef<P>(this.node.outside, id, undefined);
  }

  stop(ref: AnyRef, reason?: ExitReason): Promise<ExitReason> {
    return this.node.stop(ref.id, { ...(reason && { reason }), timeout: Infinity });
  }

  kill(ref: AnyRef): Promise<ExitReason> {
    return this.node.kill(ref.id);
  }

  /** The kinds of the events so far that begin so, without that beginning. */
  kinds(prefix: string): string[] {
    return this.events.filter(({ kind }) => kind.startsWith(prefix)).map(({ kind }) =>
      kind.slice(prefix.length)
    );
  }

  /** How the actor ended, if it did. */
  endOf(ref: AnyRef): ExitReason | undefined {
    const event = this.events.find(({ kind, actor }) =>
      kind === "actor.exited" && actor === ref.id
    );
    return event?.data["reason"] as ExitReason | undefined;
  }
}
