import type { ActorContext } from "../actor/mod.ts";
import { toError } from "../actor/mod.ts";
import type { RefusedEntry } from "../sharing/mod.ts";
import type { Shelf } from "./shelf.ts";

/** Milliseconds without a change after which a folder is scanned again: who copies files in is let finish. */
const QUIET_MS = 100;
/** Milliseconds after which it is scanned although it goes on changing. */
const LONGEST_MS = 2_000;

type Emit = (kind: string, data: Readonly<Record<string, unknown>>) => void;

/** Scans what a peer shares: at its start, and whenever something in its shared folder changed. */
export class FolderWatch {
  readonly #ctx: ActorContext;
  readonly #shelf: Shelf;
  readonly #folder: string | undefined;
  readonly #emit: Emit;
  readonly #announce: () => Promise<void>;
  /** Refused entries that were told: once is enough. */
  #told = new Set<string>();
  #timer: Disposable | undefined;
  /** When the first change was that no scan has seen. */
  #changedAt: number | undefined;
  #watched = false;
  #scanning = true;
  #scanned = false;

  /**
   * @param folder is watched; none is where it is undefined
   * @param announce tells the tracker what the shelf has by now
   */
  constructor(
    ctx: ActorContext,
    shelf: Shelf,
    folder: string | undefined,
    emit: Emit,
    announce: () => Promise<void>,
  ) {
    this.#ctx = ctx;
    this.#folder = folder;
    this.#shelf = shelf;
    this.#emit = emit;
    this.#announce = announce;
  }

  /** Whether the first scan is over: everything that there is to share is known. */
  get scanned(): boolean {
    return this.#scanned;
  }

  /** Scans for the first time. */
  start(): void {
    this.watch();
    void this.#scan();
  }

  /** Scans after changes from now on, if its disk tells of them; to be called again where a folder may have come back. */
  watch(): void {
    const { disk, signal } = this.#ctx;
    const folder = this.#folder;
    if (folder === undefined || this.#watched || disk.watch === undefined) return;
    this.#watched = true;
    disk.watch(folder, () => this.#changed(), signal).catch((error: unknown) => {
      this.#watched = false;
      if (!signal.aborted) this.#emit("files.unwatched", { folder, error: toError(error) });
    });
  }

  #changed(): void {
    const { clock, signal } = this.#ctx;
    if (signal.aborted) return;
    const now = clock.now();
    this.#changedAt ??= now;
    // The scan that is under way may have passed the place already.
    if (this.#scanning) return;
    this.#timer?.[Symbol.dispose]();
    const wait = Math.max(0, Math.min(QUIET_MS, this.#changedAt + LONGEST_MS - now));
    this.#timer = clock.setTimeout(() => void this.#scan(), wait);
  }

  /** Never rejects. */
  async #scan(): Promise<void> {
    const { signal } = this.#ctx;
    this.#scanning = true;
    this.#changedAt = undefined;
    const first = !this.#scanned;
    try {
      const { added, removed, refused } = await this.#shelf.scan(signal);
      this.#tell(refused);
      if (first || added.length + removed.length > 0) {
        const [files, plus, minus] = [this.#shelf.files().length, added.length, removed.length];
        this.#emit("files.scanned", {
          files,
          added: plus,
          removed: minus,
          refused: refused.length,
        });
      }
    } catch (error) {
      if (!signal.aborted) this.#emit("files.failed", { error: toError(error) });
    }
    this.#scanned = true;
    this.#scanning = false;
    if (this.#changedAt !== undefined) this.#changed();
    if (!signal.aborted) await this.#announce();
  }

  #tell(refused: readonly RefusedEntry[]): void {
    const told = new Set<string>();
    for (const entry of refused) {
      const key = JSON.stringify([entry.name, entry.why]);
      told.add(key);
      if (!this.#told.has(key)) this.#emit("file.refused", { ...entry });
    }
    this.#told = told;
  }
}
