import type { Cell } from "./cell.ts";
import type { ActorContext, RequestInfo } from "./context.ts";
import type { ActorDefinition } from "./definition.ts";
import type { Disk } from "./disk.ts";
import { InvalidOptionError, SystemClosedError } from "./errors.ts";
import type { ExitReason } from "./exit_reason.ts";
import { NORMAL } from "./exit_reason.ts";
import type { Down, Monitor } from "./monitor.ts";
import type { Registry } from "./naming.ts";
import type { Spawned } from "./births.ts";
import type { ActorNode } from "./node.ts";
import type { SpawnOptions } from "./options.ts";
import type { Protocol } from "./protocol.ts";
import type { Random } from "./random.ts";
import type { ActorId } from "./ids.ts";
import type { ActorRef, AnyRef } from "./ref.ts";
import { makeRef } from "./refs.ts";
import { StopSignal } from "./stop_signal.ts";

/** The context of `cell`. Once the actor has ended, everything in it that acts throws. */
export function makeContext(cell: Cell, node: ActorNode): ActorContext {
  const { host } = node;
  const lazily = <T>(make: () => T): () => T => {
    let made: T | undefined;
    return () => made ??= make();
  };
  const disk = lazily<Disk>(() => host.disk(cell.id, cell.name));
  const random = lazily<Random>(() => host.random.stream(cell.name ?? cell.id));
  const registry = lazily<Registry>(() => node.names.view(cell.home));
  const self = lazily(() => makeRef(cell.home, cell.id, cell.name));

  /** An actor that was killed may still run somewhere; it must not act any more. */
  const fence = (): void => {
    if (cell.state === "dead") throw new SystemClosedError(`${cell.label} has ended`);
  };

  return {
    get self(): AnyRef {
      return self();
    },
    parent: cell.parent,
    selfAs<P extends Protocol>(): ActorRef<P> {
      return self().as<P>();
    },
    refTo<P extends Protocol>(id: ActorId): ActorRef<P> {
      return makeRef<P>(cell.home, id, undefined);
    },
    get signal(): AbortSignal {
      return cell.signal;
    },
    get request(): RequestInfo | undefined {
      return cell.current;
    },
    clock: host.clock,
    hashing: host.hashing,
    get random(): Random {
      return random();
    },
    get disk(): Disk {
      return disk();
    },
    get registry(): Registry {
      return registry();
    },
    spawn<A, Q extends Protocol>(
      definition: ActorDefinition<A, Q>,
      args: A,
      options: SpawnOptions & { readonly link?: boolean } = {},
    ): Promise<ActorRef<Q>> {
      fence();
      return node.spawn<A, Q>(cell, definition, args, options);
    },
    spawnMonitored<A, Q extends Protocol>(
      definition: ActorDefinition<A, Q>,
      args: A,
      options: SpawnOptions & { readonly link?: boolean } = {},
    ): Promise<Spawned<Q>> {
      fence();
      return node.births.spawnMonitored<A, Q>(cell, definition, args, options);
    },
    stopActor(ref: AnyRef, options = {}): Promise<ExitReason> {
      fence();
      return node.stop(ref.id, options);
    },
    kill(ref: AnyRef): Promise<ExitReason> {
      fence();
      return node.kill(ref.id);
    },
    link(ref: AnyRef): void {
      fence();
      node.linking.link(cell, ref.id);
    },
    unlink(ref: AnyRef): void {
      fence();
      node.linking.unlink(cell, ref.id);
    },
    monitor(ref: AnyRef, on: (down: Down) => void | Promise<void>): Monitor {
      fence();
      return node.monitoring.monitor(cell, ref, on);
    },
    trapExits(on: (exit: Down) => void | Promise<void>): void {
      cell.trap = on;
    },
    after(ms: number, fn: () => void | Promise<void>): Disposable {
      fence();
      if (!(ms >= 0)) throw new InvalidOptionError("ms", ms, "a number of milliseconds from 0");
      return cell.timers.after(ms, fn);
    },
    post(fn: () => void | Promise<void>): void {
      cell.post(fn);
    },
    onTerminate(fn: (reason: ExitReason) => void | Promise<void>): void {
      cell.terminators.push(fn);
    },
    stop(reason: ExitReason = NORMAL): never {
      throw new StopSignal(reason);
    },
    emit(kind: string, data: Readonly<Record<string, unknown>>): void {
      if (cell.state !== "dead") node.event(kind, cell, data);
    },
  };
}
