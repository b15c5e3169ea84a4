import type { SystemEvent } from "../../actor/mod.ts";
import { toError } from "../../actor/mod.ts";
import type { SeenDownload } from "../checks/observations.ts";
import type { PlannedWork, Span } from "../scenario/schedule.ts";
import { draw, drawsOf, shuffled } from "./draws.ts";
import type { KnownFile } from "./files.ts";
import { contentOf } from "./files.ts";
import type { Recorder } from "./recorder.ts";
import type { Stage } from "./stage.ts";
import { resolveWho } from "./targets.ts";

/** Bytes of a file that is added, unless told. */
const SIZE = 64 * 1024;
/** Times that a download is asked for: its peer may crash again and again. */
const ATTEMPTS = 20;
/** Ms before a download that failed is asked for again. */
const PAUSE = 250;

/** What a workload works with. Times are ms from the start of the run. */
export interface WorkloadOptions {
  readonly stage: Stage;
  readonly recorder: Recorder;
  readonly seed: string;
  readonly files: Map<string, KnownFile>;
  now(): number;
  at(time: number, fn: () => void): Disposable;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What peers are asked to do meanwhile, as their users would: one whose download died with its peer asks again. */
export class Workload {
  readonly #options: WorkloadOptions;
  readonly #downloads: Writable<SeenDownload>[] = [];
  readonly #work = new Set<Promise<unknown>>();
  #ended = false;

  constructor(options: WorkloadOptions) {
    this.#options = options;
  }

  get downloads(): readonly SeenDownload[] {
    return this.#downloads;
  }

  /** Whether something that was asked for has not come yet. */
  get busy(): boolean {
    return this.#work.size > 0;
  }

  /** Nothing is tried again from now on. */
  end(): void {
    this.#ended = true;
  }

  /** Settles when nothing is under way any more. */
  async settled(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  /** Does `work` for the `count`th time. */
  fire(work: PlannedWork, count: number, event?: SystemEvent): void {
    const { stage, seed } = this.#options;
    const random = drawsOf(seed, work.id, count);
    const scene = { peers: stage.cluster.view(), event };
    const who = resolveWho(work.who ?? "one", scene, random.stream("who"));
    for (const peer of who) {
      const done: Promise<unknown> = this.#do(peer, work, random.stream(peer))
        .catch((error) => this.#failed(work, peer, error))
        .then(() => this.#work.delete(done));
      this.#work.add(done);
    }
  }

  #failed({ id, work }: PlannedWork, peer: string, error: unknown): void {
    const { recorder, now } = this.#options;
    recorder.note(now(), "lab.work_failed", { id, work, peer, why: toError(error).message });
  }

  async #do(
    peer: string,
    { work, with: details = {} }: PlannedWork,
    random: ReturnType<typeof drawsOf>,
  ): Promise<void> {
    const { stage, files, seed } = this.#options;
    const handle = stage.cluster.peer(peer);
    const told = details["file"] as string | undefined;
    switch (work) {
      case "download": {
        const names = told !== undefined
          ? [told]
          : shuffled(this.#wanted(peer), random).slice(0, Number(details["files"] ?? 1));
        await Promise.all(names.map((name) => this.#download(peer, name)));
        return;
      }
      case "search":
        return void await handle.search(told ?? "*");
      case "refresh":
        return void await handle.refresh();
      case "addFile": {
        const name = told ?? `${peer}-new-${random.hex(6)}.bin`;
        const size = Math.round(draw(details["size"] as Span ?? SIZE, random));
        const bytes = contentOf(seed, name, size);
        files.set(name, { name, bytes, holders: [peer] });
        await stage.put(peer, name, bytes);
        return void await handle.refresh();
      }
      case "removeFile": {
        const own = [...files.values()].filter(({ holders }) => holders.includes(peer));
        const name = told ?? shuffled(own, random)[0]?.name;
        if (name === undefined) return;
        await stage.remove(peer, name);
        return void await handle.refresh();
      }
    }
  }

  /** Names of files that others had from the first, and that `peer` has not asked for. */
  #wanted(peer: string): string[] {
    const asked = new Set(
      this.#downloads.filter((one) => one.peer === peer).map(({ name }) => name),
    );
    return [...this.#options.files.values()]
      .filter(({ name, holders }) => !holders.includes(peer) && !asked.has(name))
      .map(({ name }) => name);
  }

  async #download(peer: string, name: string): Promise<void> {
    const { stage, files, now } = this.#options;
    const seen: Writable<SeenDownload> = { peer, name, asked: now(), attempts: 0 };
    this.#downloads.push(seen);
    while (!this.#ended && seen.attempts < ATTEMPTS) {
      seen.attempts++;
      try {
        const { path, size, resumed } = await stage.cluster.peer(peer).download(name);
        const bytes = await stage.read(peer, path);
        delete seen.failed;
        Object.assign(seen, {
          done: now(),
          bytes: size,
          intact: same(bytes, files.get(name)?.bytes),
        });
        if (resumed !== undefined) seen.resumed = resumed;
        return;
      } catch (error) {
        seen.failed = toError(error).message;
        await this.#pause();
      }
    }
  }

  #pause(): Promise<void> {
    const { now, at } = this.#options;
    return new Promise((resolve) => void at(now() + PAUSE, resolve));
  }
}

function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
