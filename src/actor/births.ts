import { Cell } from "./cell.ts";
import { checkSpawnOptions } from "./check_spawn.ts";
import { makeContext } from "./context_impl.ts";
import type { ActorDefinition } from "./definition.ts";
import { actor, isDefinition } from "./definition.ts";
import {
  AlreadyRegisteredError,
  AskAbortedError,
  InvalidOptionError,
  StartFailedError,
  StartIgnoredError,
} from "./errors.ts";
import type { ExitReason } from "./exit_reason.ts";
import { errorReason, NORMAL, toError } from "./exit_reason.ts";
import type { Bonds } from "./host.ts";
import type { ActorId } from "./ids.ts";
import { actorId, kernelId } from "./ids.ts";
import type { ActorNode } from "./node.ts";
import type { SpawnOptions } from "./options.ts";
import { DEFAULT_START_TIMEOUT } from "./options.ts";
import type { Protocol } from "./protocol.ts";
import type { ActorRef } from "./ref.ts";
import { makeRef } from "./refs.ts";
import { StartLimit } from "./start_limit.ts";

/** A new actor, and its end. */
export interface Spawned<P extends Protocol> {
  readonly ref: ActorRef<P>;
  /** Never rejects. */
  readonly ended: Promise<ExitReason>;
}

/** How one actor spawns another. */
export type LinkedSpawnOptions = SpawnOptions & { readonly link?: boolean };

/** How actors come into being: here, or through the host elsewhere (reference `actors.md` §3.3). */
export class Births {
  readonly #node: ActorNode;
  #number = 0;

  constructor(node: ActorNode) {
    this.#node = node;
  }

  /** The actor that manages this node, under the number that all nodes keep for it. Its methods overlap. */
  installKernel(methods: Protocol): void {
    const node = this.#node;
    const definition = actor(() => methods, { interleaving: Object.keys(methods) });
    const cell = new Cell(node, kernelId(node.id), definition, `kernel ${node.id}`, {
      sturdy: true,
    });
    node.base.cells.set(cell.id, cell);
    void cell.start(definition, undefined, makeContext(cell, node));
  }

  async spawn<A, P extends Protocol>(
    by: Cell | undefined,
    definition: ActorDefinition<A, P>,
    args: A,
    options: LinkedSpawnOptions,
  ): Promise<ActorRef<P>> {
    const bonds = { parent: by?.id, link: options.link === true, monitor: undefined };
    return await this.#spawn(by, definition, args, options, bonds);
  }

  /** Spawns, and watches from the first moment on: `ended` tells how the actor ended, even if it did at once. */
  async spawnMonitored<A, P extends Protocol>(
    by: Cell,
    definition: ActorDefinition<A, P>,
    args: A,
    options: LinkedSpawnOptions,
  ): Promise<Spawned<P>> {
    const { monitor, ended, born, giveUp } = this.#node.monitoring.vigil(by.id);
    const bonds = { parent: by.id, link: options.link === true, monitor };
    try {
      const ref = await this.#spawn<A, P>(by, definition, args, options, bonds);
      born(ref.id);
      return { ref, ended };
    } catch (error) {
      giveUp();
      throw error;
    }
  }

  async #spawn<A, P extends Protocol>(
    by: Cell | undefined,
    definition: ActorDefinition<A, P>,
    args: A,
    options: SpawnOptions,
    bonds: Bonds,
  ): Promise<ActorRef<P>> {
    if (!isDefinition(definition)) {
      throw new InvalidOptionError("definition", definition, "what actor() or fromModule() gave");
    }
    checkSpawnOptions(options);
    const { placement = "local", signal } = options;
    if (signal?.aborted) throw toError(signal.reason);
    const node = this.#node;
    const id = placement === "local"
      ? await this.spawnHere(definition, args, options, bonds)
      : await node.host.spawn({ definition, args, options, bonds });
    const ref = makeRef<P>(by?.home ?? node.outside, id, options.name);
    if (by?.state === "dead" || signal?.aborted) {
      await node.kill(id);
      const why = signal?.reason ?? "its parent ended";
      throw new AskAbortedError(ref.toString(), "init", why, "yes");
    }
    if (bonds.link && by !== undefined) node.linking.link(by, id);
    return ref;
  }

  /**
   * Starts an actor on this node.
   *
   * @param spent milliseconds of `startTimeout` that are over already
   */
  async spawnHere(
    definition: ActorDefinition<never, Protocol>,
    args: unknown,
    options: SpawnOptions,
    bonds: Bonds,
    spent: number = 0,
  ): Promise<ActorId> {
    const node = this.#node;
    const { name, meta = {}, startTimeout = DEFAULT_START_TIMEOUT, signal } = options;
    const id = actorId(node.id, ++this.#number);
    const what = name ?? id;
    const limit = new StartLimit(node.host.clock, what, startTimeout, spent, signal);
    const loaded = definition.source === undefined
      ? definition
      : await limit.hold(node.host.load(definition.source)).catch((error) => {
        throw startError(what, error);
      });
    const cell = this.#place(id, loaded, options, bonds);
    try {
      if (name !== undefined) await node.names.claim(name, id, meta);
      const started = await limit.hold(cell.start(loaded, args, makeContext(cell, node)));
      if (started === "ignored") throw new StartIgnoredError(what);
      if (started === "killed") throw new StartFailedError(what, reasonError(cell.reason));
    } catch (error) {
      const ignored = error instanceof StartIgnoredError;
      cell.kill(ignored ? NORMAL : errorReason(error));
      await cell.ended;
      if (ignored || error instanceof AlreadyRegisteredError) throw error;
      throw startError(what, error);
    }
    node.base.event("actor.started", cell, { kind: cell.kind });
    return id;
  }

  /** An actor that was not started yet, with its bonds. */
  #place(
    id: ActorId,
    definition: ActorDefinition<never, Protocol>,
    { name, mailbox }: SpawnOptions,
    { parent, link, monitor }: Bonds,
  ): Cell {
    const node = this.#node;
    const cell = new Cell(node, id, definition, name, { mailbox, parent });
    node.base.cells.set(id, cell);
    if (parent !== undefined && link) cell.links.set(parent, node.host.clock.now());
    if (parent !== undefined && monitor !== undefined) {
      node.monitoring.watchedBy(parent, monitor, id);
    }
    return cell;
  }
}

function startError(what: string, error: unknown): StartFailedError {
  return error instanceof StartFailedError ? error : new StartFailedError(what, error);
}

function reasonError(reason: ExitReason | undefined): Error {
  if (reason?.kind === "error") return reason.error;
  return new Error(`it ended with ${reason?.kind ?? "no reason"}`);
}
