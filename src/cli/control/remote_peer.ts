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
} from "../../cluster/api.ts";
import type { CallOptions } from "./connection.ts";
import type { Params } from "./messages.ts";

/** Asks the cluster. */
export type Ask = (method: string, params: Params, options?: CallOptions) => Promise<unknown>;

/** A peer of a cluster in another process. */
export class RemotePeer implements PeerHandle {
  readonly id: string;
  readonly #ask: Ask;

  constructor(id: string, ask: Ask) {
    this.id = id;
    this.#ask = (method, params, options) =>
      ask(`peer.${method}`, { peer: id, ...params }, options);
  }

  search(query: string): Promise<FoundFile[]> {
    return this.#ask("search", { query }) as Promise<FoundFile[]>;
  }

  network(): Promise<FoundFile[]> {
    return this.#ask("network", {}) as Promise<FoundFile[]>;
  }

  files(): Promise<SharedFile[]> {
    return this.#ask("files", {}) as Promise<SharedFile[]>;
  }

  status(): Promise<PeerStatus> {
    return this.#ask("status", {}) as Promise<PeerStatus>;
  }

  refresh(): Promise<RefreshResult> {
    return this.#ask("refresh", {}) as Promise<RefreshResult>;
  }

  verify({ repair = true }: { readonly repair?: boolean } = {}): Promise<VerifyReport> {
    return this.#ask("verify", { repair }) as Promise<VerifyReport>;
  }

  async election(): Promise<void> {
    await this.#ask("election", {});
  }

  cancel(transfer: string): Promise<boolean> {
    return this.#ask("cancel", { transfer }) as Promise<boolean>;
  }

  async limit(limits: TransferLimits): Promise<void> {
    await this.#ask("limit", { limits });
  }

  download(file: string, options: DownloadOptions = {}): Promise<Downloaded> {
    return this.#fetch("download", { file }, options) as Promise<Downloaded>;
  }

  downloadFolder(folder: string, options: DownloadOptions = {}): Promise<FolderDownloaded> {
    return this.#fetch("downloadFolder", { folder }, options) as Promise<FolderDownloaded>;
  }

  #fetch(
    method: string,
    params: Params,
    { signal, onProgress, holder, priority }: DownloadOptions,
  ): Promise<unknown> {
    return this.#ask(method, { ...params, holder, priority }, {
      signal,
      onProgress: onProgress && ((value) => onProgress(value as TransferStatus)),
    });
  }
}
