import type { NameRef, SystemEvent } from "../actor/mod.ts";
import type { DownloadRequest, PeerProtocol } from "../peer/mod.ts";
import type {
  Downloaded,
  DownloadOptions,
  FolderDownloaded,
  FoundFile,
  PeerHandle,
  PeerStatus,
  RefreshResult,
  SharedFile,
  TransferLimits,
  TransferStatus,
  VerifyReport,
} from "./api.ts";

/** Milliseconds that a console's question may take: longer than a peer looks for a tracker. */
const PATIENCE = 15_000;

/** Subscribes to the cluster's events. */
type Subscribe = (kind: string, fn: (event: SystemEvent) => void) => Disposable;

/** A peer by its name, so that the handle survives the peer's restarts. */
export class NamedPeer implements PeerHandle {
  readonly id: string;
  readonly #ref: NameRef<PeerProtocol>;
  readonly #on: Subscribe;
  readonly #newTransfer: () => string;

  constructor(id: string, ref: NameRef<PeerProtocol>, on: Subscribe, newTransfer: () => string) {
    this.id = id;
    this.#ref = ref.with({ timeout: PATIENCE });
    this.#on = on;
    this.#newTransfer = newTransfer;
  }

  search(query: string): Promise<FoundFile[]> {
    return this.#ref.ask.search(query);
  }

  network(): Promise<FoundFile[]> {
    return this.#ref.ask.network();
  }

  files(): Promise<SharedFile[]> {
    return this.#ref.with({ timeout: Infinity }).ask.files();
  }

  status(): Promise<PeerStatus> {
    return this.#ref.ask.status();
  }

  refresh(): Promise<RefreshResult> {
    return this.#ref.with({ timeout: Infinity }).ask.refresh();
  }

  verify({ repair = true }: { readonly repair?: boolean } = {}): Promise<VerifyReport> {
    return this.#ref.with({ timeout: Infinity }).ask.verify(repair);
  }

  election(): Promise<void> {
    return this.#ref.ask.campaign();
  }

  cancel(transfer: string): Promise<boolean> {
    return this.#ref.ask.cancel(transfer);
  }

  limit(limits: TransferLimits): Promise<void> {
    return this.#ref.ask.limit(limits);
  }

  download(file: string, options: DownloadOptions = {}): Promise<Downloaded> {
    return this.#fetch(options, (ref, rest) => ref.ask.download({ file, ...rest }));
  }

  downloadFolder(folder: string, options: DownloadOptions = {}): Promise<FolderDownloaded> {
    return this.#fetch(options, (ref, rest) => ref.ask.downloadFolder({ folder, ...rest }));
  }

  async #fetch<T>(
    { holder, priority, signal, onProgress }: DownloadOptions,
    ask: (ref: NameRef<PeerProtocol>, rest: Omit<DownloadRequest, "file">) => Promise<T>,
  ): Promise<T> {
    const transfer = this.#newTransfer();
    using _progress = this.#on("download.progress", ({ data }) => {
      if (data["id"] === transfer) onProgress?.(data as unknown as TransferStatus);
    });
    return await ask(this.#ref.with({ timeout: Infinity, ...(signal && { signal }) }), {
      transfer,
      ...(holder !== undefined && { holder }),
      ...(priority !== undefined && { priority }),
    });
  }
}
