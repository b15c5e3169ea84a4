import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { ActorId, NodeId, SystemEvent } from "../../src/actor/mod.ts";
import { InvalidOptionError, Refusal } from "../../src/actor/mod.ts";
import type { ActiveFault, FaultVerb, Undo } from "../../src/cluster/faults.ts";
import type {
  Agreement,
  Cluster,
  ClusterOptions,
  CrashKind,
  Downloaded,
  DownloadOptions,
  FolderDownloaded,
  FoundFile,
  PeerHandle,
  PeerStatus,
  PeerView,
  SharedFile,
  Target,
} from "../../src/cluster/api.ts";

class Down extends Refusal {
  readonly code = "noproc";
}

/** How a {@linkcode FakeCluster} misbehaves. */
export interface Misbehaviour {
  /** Downloads arrive with other bytes. */
  readonly corrupt?: boolean;
  /** Two peers become tracker in the second epoch. */
  readonly twoTrackers?: boolean;
  /** Nobody is ever elected. */
  readonly noTracker?: boolean;
  /** `close` never settles. */
  readonly neverCloses?: boolean;
}

interface FakePeer {
  up: boolean;
  starts: number;
  fetched: string[];
}

/** A cluster without threads: files are copied, and peers are elected by decree, lowest number first. */
export class FakeCluster implements Cluster {
  /** No test of the command line looks at names. */
  readonly registry: Cluster["registry"] = undefined as never;
  /** What is planned comes when a test says so. */
  readonly planned: (() => void)[] = [];
  readonly time: Cluster["time"] = {
    now: () => 0,
    at: (_time, fn) => {
      this.planned.push(fn);
      return { [Symbol.dispose]: () => void this.planned.splice(this.planned.indexOf(fn), 1) };
    },
    wait: (_what, work) => work,
  };
  readonly faults: Cluster["faults"] = fakeFaults((call) => this.calls.push(call));
  readonly seed: string;
  readonly folder: string;
  readonly peers: readonly string[];
  readonly options: ClusterOptions;
  /** What was asked of it, in order. */
  readonly calls: string[] = [];
  closed = false;
  epoch = 1;
  trackerId: string | undefined = "peer-1";
  readonly #listeners = new Set<(event: SystemEvent) => void>();
  readonly #peers = new Map<string, FakePeer>();
  readonly #wrong: Misbehaviour;

  constructor(options: ClusterOptions, wrong: Misbehaviour = {}) {
    this.options = options;
    this.#wrong = wrong;
    this.seed = String(options.seed ?? 4217);
    this.folder = options.folder ?? "/nowhere";
    this.peers = Array.from({ length: options.peers ?? 5 }, (_, index) => `peer-${index + 1}`);
    for (const peer of this.peers) this.#peers.set(peer, { up: true, starts: 1, fetched: [] });
    if (wrong.noTracker) this.trackerId = undefined;
    const quorum = options.quorum ?? this.peers.length;
    if (quorum <= this.peers.length / 2 && !options.unsafe) {
      throw new InvalidOptionError("quorum", quorum, "a majority, or unsafe");
    }
  }

  folders(peer: Target): { shared: string; downloads: string; log: string } {
    const id = this.#id(peer);
    return {
      shared: join(this.options.shared ?? join(this.folder, "shared"), id),
      downloads: join(this.options.downloads ?? join(this.folder, "downloads"), id),
      log: join(this.folder, "logs", `${id}.log`),
    };
  }

  peer(peer: Target): PeerHandle {
    return new FakeHandle(this, this.#id(peer));
  }

  inspect(): Promise<never> {
    return Promise.reject(new Error("No test of the command line looks at threads"));
  }

  view(): readonly PeerView[] {
    return this.peers.map((id) => ({
      id,
      up: this.#of(id).up,
      role: !this.#of(id).up ? "down" : id === this.trackerId ? "tracker" : "follower",
      epoch: this.epoch,
      tracker: this.trackerId,
    }));
  }

  tracker({ above = 0 }: { above?: number } = {}): Promise<Agreement> {
    this.calls.push(`tracker above ${above}`);
    return this.trackerId === undefined || this.epoch <= above
      ? Promise.reject(new Down("No tracker within 10000 ms"))
      : Promise.resolve({ tracker: this.trackerId, epoch: this.epoch });
  }

  crash(target: Target, how?: CrashKind, { hold }: { hold?: boolean } = {}): Promise<string> {
    const id = this.#id(target);
    this.calls.push(`crash ${id} ${how ?? "-"} ${hold ? "hold" : "-"}`);
    this.emit("fault.crash", { peer: id, how: how ?? "terminate" });
    this.#of(id).up = false;
    this.emit("peer.down", { peer: id, reason: "killed" });
    if (id === this.trackerId) this.elect();
    if (!hold) this.#start(id);
    return Promise.resolve(id);
  }

  restart(target: Target): Promise<void> {
    const id = this.#id(target);
    this.calls.push(`restart ${id}`);
    this.#start(id);
    return Promise.resolve();
  }

  stop(target: Target): Promise<void> {
    this.#of(this.#id(target)).up = false;
    return Promise.resolve();
  }

  addVoter(): Promise<readonly string[]> {
    return Promise.resolve(this.peers);
  }

  removeVoter(): Promise<readonly string[]> {
    return Promise.resolve(this.peers);
  }

  crashRegistry(): Promise<void> {
    return Promise.resolve();
  }

  on(kind: string, fn: (event: SystemEvent) => void): Disposable {
    const listener = (event: SystemEvent): void => {
      if (kind === "*" || event.kind === kind) fn(event);
    };
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  close(): Promise<void> {
    this.closed = true;
    return this.#wrong.neverCloses ? new Promise(() => {}) : Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The next peer that is up becomes tracker of the next epoch. */
  elect(): void {
    const up = this.peers.filter((id) => this.#of(id).up && id !== this.trackerId);
    const winner = up[0];
    this.epoch++;
    this.trackerId = winner;
    if (winner === undefined) return;
    this.emit("election.candidate", { peer: winner, epoch: this.epoch });
    this.emit("peer.role", { peer: winner, role: "tracker", epoch: this.epoch, tracker: winner });
    if (this.#wrong.twoTrackers) {
      this.emit("peer.role", { peer: up[1], role: "tracker", epoch: this.epoch, tracker: up[1] });
    }
  }

  emit(kind: string, data: Record<string, unknown>): void {
    const event = {
      kind,
      at: performance.now(),
      node: "main" as NodeId,
      actor: undefined as ActorId | undefined,
      name: undefined,
      data,
    };
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** @throws Down if the peer is */
  needUp(id: string): void {
    if (!this.#of(id).up) throw new Down(`${id} is gone: no reply`);
  }

  async filesOf(id: string): Promise<SharedFile[]> {
    const shared = await filesUnder(this.folders(id).shared);
    const own = await filesUnder(this.folders(id).downloads);
    return [...shared, ...own];
  }

  async network(): Promise<FoundFile[]> {
    const found = new Map<string, FoundFile>();
    for (const id of this.peers.filter((peer) => this.#of(peer).up)) {
      for (const file of await this.filesOf(id)) {
        const key = `${file.name} ${file.fileId}`;
        found.set(key, { ...file, holders: [...found.get(key)?.holders ?? [], id] });
      }
    }
    return [...found.values()];
  }

  async copy(to: string, wanted: string, options: DownloadOptions): Promise<Downloaded> {
    options.signal?.throwIfAborted();
    const matches = (await this.network()).filter(({ name, fileId }) =>
      name === wanted || (wanted.length >= 8 && fileId.startsWith(wanted))
    );
    const [file] = matches;
    if (file === undefined) throw new NotFound(`Nobody has "${wanted}"`);
    if (matches.length > 1) throw new Ambiguous(`"${wanted}" is ${matches.length} files`);
    const holder = options.holder ?? file.holders.find((id) => id !== to) ?? to;
    for (const done of [0.25, 0.5, 0.75, 1]) {
      options.onProgress?.({
        id: "t1",
        name: file.name,
        fileId: file.fileId,
        size: file.size,
        done: Math.floor(file.size * done),
        rate: 1e6,
        holders: [holder],
      });
    }
    const path = join(this.folders(to).downloads, file.name);
    await mkdir(dirname(path), { recursive: true });
    const folders = this.folders(holder);
    const content = await readFile(join(folders.shared, file.name))
      .catch(() => readFile(join(folders.downloads, file.name)));
    await writeFile(path, this.#wrong.corrupt ? `${content.subarray(0, 9)}!` : content);
    return { ...file, path, from: { [holder]: file.size }, ms: 5, already: false };
  }

  #start(id: string): void {
    const peer = this.#of(id);
    peer.up = true;
    peer.starts++;
    this.emit("peer.up", { peer: id });
  }

  #id(target: Target): string {
    if (target === "tracker") return this.trackerId ?? this.#none();
    const id = /^\d+$/.test(String(target)) ? `peer-${target}` : String(target);
    this.#of(id);
    return id;
  }

  #none(): never {
    throw new Down("There is no tracker");
  }

  #of(id: string): FakePeer {
    const peer = this.#peers.get(id);
    if (peer === undefined) throw new InvalidOptionError("peer", id, "a peer of this cluster");
    return peer;
  }
}

/** Faults that are only written down; those of `partition` and `link` last until they are undone. */
function fakeFaults(said: (call: string) => void): Cluster["faults"] {
  let active: ActiveFault[] = [];
  const lasts = (verb: FaultVerb, peers: readonly string[], told: string): Undo => {
    const fault = { id: active.length + 1, verb, peers, since: 0 };
    active.push(fault);
    said(`${verb} ${told}`);
    const undo = (): Promise<void> => {
      said(`undo ${verb}`);
      active = active.filter((other) => other !== fault);
      return Promise.resolve();
    };
    return { id: fault.id, undo, [Symbol.asyncDispose]: undo };
  };
  const faults: Partial<Cluster["faults"]> = {
    partition: (groups, options) =>
      lasts("partition", groups.flat().map(String), JSON.stringify([groups, options])),
    link: (from, to, fault) =>
      lasts("link", [...from, ...to].map(String), JSON.stringify([from, to, fault])),
    timers(how, peers = []) {
      if (how !== "align" && how !== "spread") {
        return Promise.reject(new InvalidOptionError("how", how, "align or spread"));
      }
      said(`timers ${how} ${peers.join(" ")}`);
      return Promise.resolve();
    },
    active: () => active,
    undoAll() {
      const all = active;
      active = [];
      return Promise.resolve(all);
    },
  };
  return faults as Cluster["faults"];
}

class NotFound extends Refusal {
  readonly code = "not_found";
}

class Ambiguous extends Refusal {
  readonly code = "ambiguous";
}

class FakeHandle implements PeerHandle {
  readonly id: string;
  readonly #cluster: FakeCluster;

  constructor(cluster: FakeCluster, id: string) {
    this.#cluster = cluster;
    this.id = id;
  }

  async search(query: string): Promise<FoundFile[]> {
    return (await this.network()).filter(({ name }) => name.includes(query));
  }

  async download(file: string, options: DownloadOptions = {}): Promise<Downloaded> {
    this.#cluster.needUp(this.id);
    this.#cluster.calls.push(`download ${this.id} ${file} ${options.holder ?? "-"}`);
    return await this.#cluster.copy(this.id, file, options);
  }

  async status(): Promise<PeerStatus> {
    this.#cluster.needUp(this.id);
    const { epoch, trackerId } = this.#cluster;
    const tracker = trackerId === this.id;
    return {
      id: this.id,
      uri: `troupe:${this.id}`,
      role: tracker ? "tracker" : "follower",
      epoch,
      tracker: trackerId,
      voter: this.id,
      voters: this.#cluster.peers,
      lost: false,
      votes: [{ epoch, candidate: trackerId ?? this.id }],
      candidacy: undefined,
      files: (await this.files()).length,
      catalogue: tracker
        ? { files: (await this.network()).length, peers: this.#cluster.peers }
        : undefined,
      transfers: [],
      incarnation: 1,
    };
  }

  async files(): Promise<SharedFile[]> {
    this.#cluster.needUp(this.id);
    return await this.#cluster.filesOf(this.id);
  }

  async network(): Promise<FoundFile[]> {
    this.#cluster.needUp(this.id);
    return await this.#cluster.network();
  }

  async refresh(): ReturnType<PeerHandle["refresh"]> {
    const files = await this.files();
    const refused = [{ name: "a\\x00b", why: "its name has a NUL" }];
    return { files, added: ["new.txt"], removed: ["old.txt"], refused };
  }

  election(): Promise<void> {
    this.#cluster.calls.push(`election ${this.id}`);
    this.#cluster.elect();
    return Promise.resolve();
  }

  downloadFolder(folder: string): Promise<FolderDownloaded> {
    const failed = [{ name: `${folder}/b.txt`, fileId: undefined, why: "nobody has it" }];
    return Promise.resolve({ folder, files: 2, already: 1, bytes: 2048, failed, ms: 5 });
  }

  verify(): ReturnType<PeerHandle["verify"]> {
    const damaged = [
      { name: "a.txt", fileId: "00", chunks: "3,7-9", repaired: true },
      { name: "b.txt", fileId: "01", chunks: "0", repaired: false, why: "nobody has it" },
    ];
    return Promise.resolve({ files: 4, bytes: 4096, damaged, changed: [] });
  }

  limit(): Promise<void> {
    return Promise.resolve();
  }

  cancel(transfer: string): Promise<boolean> {
    return Promise.resolve(transfer === "t1");
  }
}

async function filesUnder(folder: string): Promise<SharedFile[]> {
  let entries: string[];
  try {
    entries = readdirSync(folder, { recursive: true }).map(String);
  } catch {
    return [];
  }
  const files = await Promise.all(
    entries.sort().map(async (entry) => {
      const path = join(folder, entry);
      if (!(await stat(path)).isFile()) return [];
      const content = await readFile(path);
      const name = relative(folder, path).split(sep).join("/");
      const fileId = createHash("sha256").update(content).digest("hex");
      return [{ name, size: content.length, fileId }];
    }),
  );
  return files.flat();
}
