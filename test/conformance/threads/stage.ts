import assert from "node:assert/strict";
import type {
  ActorRef,
  ActorSystem,
  AnyChildSpec,
  AnyRef,
  ChildInfo,
  ChildOptions,
  DynamicSupervisorProtocol,
  ExitReason,
  SupervisorOptions,
  SupervisorProtocol,
} from "../../../src/actor.ts";
import {
  actor,
  child,
  describeReason,
  dynamicSupervisor,
  fromModule,
  moduleUrl,
  supervisor,
} from "../../../src/actor.ts";
import { caseHost, eventually } from "./host.ts";
import type member from "./fixtures/member.ts";
import type { DirectorProtocol, MemberArgs, MemberProtocol, Part } from "./fixtures/member.ts";

export const memberModule: typeof member = fromModule<typeof member>(
  moduleUrl("./fixtures/member.ts", import.meta.url),
);

/** Two threads that the children live in, unless a test says otherwise. */
export const POOL = "crew";
/** A pool of one thread: who lives there, dies there. */
export const SINGLE = "cabin";
const IN_POOL = { pool: POOL } as const;

/** How a child ends when a test makes it end; a reason: by itself. */
export type Ending = "crash" | "kill" | "terminate thread" | "exit thread" | ExitReason;

/** What can be read of any supervisor. */
export type Top = ActorRef<Pick<SupervisorProtocol, "whichChildren" | "countChildren">>;

type Script = (incarnation: number) => Part | Promise<Part>;
type Dynamic = DynamicSupervisorProtocol<MemberArgs>;

interface Incarnation {
  /** `a.2` for the second of child a. */
  readonly label: string;
  readonly ref: ActorRef<MemberProtocol>;
}

/** One test's supervisors and children on a real system, with what happened to them. */
export class Stage {
  readonly system: ActorSystem;
  /** `start a`, `stop a shutdown` (it was told), `stopped a` (it is done), `gone a shutdown` (its end was seen). */
  readonly log: string[] = [];
  #director!: ActorRef<DirectorProtocol>;
  readonly #scripts = new Map<string, Script>();
  readonly #incarnations = new Map<string, Incarnation[]>();
  readonly #labels = new Map<string, string>();
  /** Members that wait for {@linkcode release}. */
  readonly #held = new Map<string, () => void>();
  readonly #tops: Top[] = [];

  private constructor(system: ActorSystem) {
    this.system = system;
  }

  /** Everything on it is gone when the test has ended. */
  static async open(
    t: { after(fn: () => Promise<void>): void },
    system: ActorSystem,
  ): Promise<Stage> {
    const stage = new Stage(system);
    const director = actor((): DirectorProtocol => ({
      enter: (id, self) => stage.#enter(id, self),
      leave: (id) => new Promise((resolve) => stage.#held.set(id, resolve)),
      did: (line) => void stage.log.push(line),
    }), { interleaving: ["enter", "leave"] });
    stage.#director = await system.spawn(director, undefined);
    t.after(() => stage.#close());
    return stage;
  }

  async #enter(id: string, self: AnyRef): Promise<Part> {
    const incarnations = this.#incarnations.get(id) ?? [];
    const incarnation = incarnations.length + 1;
    const label = `${id}.${incarnation}`;
    this.#incarnations.set(id, [...incarnations, { label, ref: self.as<MemberProtocol>() }]);
    this.#labels.set(self.id, label);
    void this.system.down(self)
      .then(({ reason }) => this.log.push(`gone ${id} ${describeReason(reason)}`));
    return await this.#scripts.get(id)?.(incarnation) ?? {};
  }

  async #close(): Promise<void> {
    await Promise.all(this.#tops.map((top) => this.system.stop(top, { timeout: 2_000 })));
    const left = [...this.#incarnations.values()].flat().map(({ ref }) => this.system.kill(ref));
    await Promise.all(left);
    await this.system.kill(this.#director);
  }

  // ------------------------------------------------------------ casting

  /** A child of a supervisor, in one of the pool's threads unless told otherwise. */
  member(id: string, options: ChildOptions = {}): AnyChildSpec {
    const args = { id, director: this.#director };
    return child({ id, start: memberModule, placement: IN_POOL, args, ...options });
  }

  members(ids: string, options: ChildOptions = {}): AnyChildSpec[] {
    return ids.split(" ").map((id) => this.member(id, options));
  }

  /** What a dynamic supervisor's `startChild` takes. */
  args(id: string): MemberArgs {
    return { id, director: this.#director };
  }

  /** Says how the incarnations of `id` behave; `incarnation` counts from 1. */
  part(id: string, script: Script): void {
    this.#scripts.set(id, script);
  }

  async supervisor(
    options: SupervisorOptions,
    children: readonly AnyChildSpec[],
  ): Promise<ActorRef<SupervisorProtocol>> {
    return this.#keep(await this.system.spawn(supervisor(options, children), undefined));
  }

  async dynamic(
    options: Parameters<typeof dynamicSupervisor>[0],
    template: ChildOptions = {},
  ): Promise<ActorRef<Dynamic>> {
    const definition = dynamicSupervisor(options, {
      start: memberModule,
      placement: IN_POOL,
      ...template,
    });
    return this.#keep(await this.system.spawn(definition, undefined)) as ActorRef<Dynamic>;
  }

  #keep<T extends AnyRef>(ref: T): T {
    this.#tops.push(ref as unknown as Top);
    return ref;
  }

  // ------------------------------------------------------------ looking

  /** The latest incarnation of `id`. */
  ref(id: string): ActorRef<MemberProtocol> {
    const ref = this.#incarnations.get(id)?.at(-1)?.ref;
    assert.ok(ref !== undefined, `${id} was never started`);
    return ref;
  }

  /** How often `id` was started, failed starts included. */
  starts(id: string): number {
    return this.#incarnations.get(id)?.length ?? 0;
  }

  /** The children, the oldest first, as `a=a.2`, `b=restarting`, `c=stopped`. */
  async children(top: Pick<Top, "ask">): Promise<string[]> {
    return (await top.ask.whichChildren()).map((info) => this.#show(info)).reverse();
  }

  #show({ id, ref }: ChildInfo): string {
    const state = typeof ref === "object" ? this.#labels.get(ref.id) ?? "up" : ref ?? "stopped";
    return id === undefined ? state : `${id}=${state}`;
  }

  /** Waits until the children are as `expected`. */
  async shows(top: Pick<Top, "ask">, expected: readonly string[]): Promise<void> {
    await this.until(`the children ${expected.join(" ")}`, async () => {
      assert.deepEqual(await this.children(top), expected);
      return true;
    });
  }

  until<T>(what: string, probe: () => T | Promise<T>): Promise<unknown> {
    return eventually(what, probe, { intervalMs: 2 });
  }

  /** What was logged since the last look, of the given kinds. */
  take(...kinds: readonly string[]): string[] {
    const lines = this.log.splice(0);
    return lines.filter((line) => kinds.includes(line.split(" ", 1)[0] ?? ""));
  }

  // ------------------------------------------------------------ acting

  /**
   * Ends the latest incarnation of `id` and gives the reason. Its supervisor has the news then, in front of all that
   * is asked of it afterwards.
   */
  async end(id: string, how: Ending = "crash"): Promise<ExitReason> {
    await this.settled();
    return await this.endNow(id, how);
  }

  /** Like {@linkcode end}, for supervisors that are not at rest. */
  async endNow(id: string, how: Ending = "crash"): Promise<ExitReason> {
    const ref = this.ref(id);
    const down = this.system.down(ref);
    if (how === "kill") void this.system.kill(ref);
    else if (how === "terminate thread") this.system.terminate(ref.node);
    else if (how === "exit thread") caseHost().exitThread(this.system, ref);
    else if (how === "crash") ref.tell.crash();
    else ref.tell.end(how);
    return (await down).reason;
  }

  /** Waits until no supervisor of this stage is in the middle of something. */
  async settled(): Promise<void> {
    await Promise.all(this.#tops.map((top) => this.#settle(top)));
  }

  async #settle(top: Top): Promise<void> {
    const children = await top.ask.whichChildren().catch(() => []);
    await Promise.all(children.map(async ({ ref, type }) => {
      if (type === "supervisor" && typeof ref === "object") await this.#settle(ref.as());
    }));
  }

  /** Lets a member that was told `stop: "held"` end. */
  async release(id: string): Promise<void> {
    await this.until(`${id} to be asked to stop`, () => this.#held.has(id));
    this.#held.get(id)?.();
    this.#held.delete(id);
  }
}

/** Settles with the reason of `ref`'s end; fails if it does not end within the time that a test has. */
export async function endOf(system: ActorSystem, ref: AnyRef): Promise<ExitReason> {
  const signal = AbortSignal.timeout(20_000);
  return (await system.down(ref, { signal })).reason;
}
