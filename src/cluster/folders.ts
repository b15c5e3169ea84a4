import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { ClusterOptions } from "./api.ts";

/** Where runs are kept unless told, below the working folder. */
const RUNS = join(".troupe", "runs");

/** The folders of one peer, absolute. */
export interface PeerFolders {
  readonly shared: string;
  readonly downloads: string;
  readonly state: string;
  readonly log: string;
}

/** The folders of a run, absolute. */
export class RunFolders {
  readonly root: string;
  readonly #shared: string;
  readonly #downloads: string;

  /** Makes the run's folder, and `latest` point to it where the run is one of many. */
  constructor(options: ClusterOptions, now: Date) {
    this.root = options.folder === undefined ? newRun(now) : resolve(options.folder);
    mkdirSync(join(this.root, "logs"), { recursive: true });
    this.#shared = resolve(options.shared ?? join(this.root, "shared"));
    this.#downloads = resolve(options.downloads ?? join(this.root, "downloads"));
  }

  /** Makes the folders of peer `id` where they are missing. */
  of(id: string): PeerFolders {
    const folders = this.paths(id);
    for (const path of [folders.shared, folders.downloads, folders.state]) {
      mkdirSync(path, { recursive: true });
    }
    return folders;
  }

  paths(id: string): PeerFolders {
    return {
      shared: join(this.#shared, id),
      downloads: join(this.#downloads, id),
      state: join(this.root, "state", id),
      log: join(this.root, "logs", `${id}.log`),
    };
  }
}

function newRun(now: Date): string {
  const parent = resolve(RUNS);
  mkdirSync(parent, { recursive: true });
  const stamp = now.toISOString().slice(5, 19).replaceAll("-", "").replaceAll(":", "").replace(
    "T",
    "-",
  );
  const folder = mkdtempSync(join(parent, `${stamp}-`));
  const latest = join(parent, "latest");
  try {
    rmSync(latest, { force: true });
    symlinkSync(basename(folder), latest, "dir");
  } catch {
    // The link is a convenience; some disks and users may not make links.
  }
  return folder;
}
