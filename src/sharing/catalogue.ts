import type { AnnouncedFile, Announcement } from "./announcement.ts";
import { TooManyError } from "./errors.ts";
import { MAX_FILES_PER_PEER, MAX_PEERS, MAX_RESULTS } from "./limits.ts";
import { NamesById } from "./names_by_id.ts";

/** One content that a name stands for. */
export interface CatalogueVersion {
  readonly fileId: string;
  /** Bytes. */
  readonly size: number;
  /** Ids of the peers that have it, sorted. */
  readonly holders: readonly string[];
  /** Bytes that peers have which are still downloading it, by peer; left out where there is none. */
  readonly partial?: Readonly<Record<string, number>>;
}

/** A name, and every content that somebody shares under it. */
export interface CatalogueEntry {
  readonly name: string;
  /** Those that most peers have first. */
  readonly versions: readonly CatalogueVersion[];
}

/** What became of an announcement. */
export type Applied =
  /** It is in the catalogue. */
  | { readonly kind: "applied"; readonly added: number; readonly removed: number }
  /** It was known already, or is of an earlier life of the peer: nothing changed. */
  | { readonly kind: "old" }
  /** Something before it is missing: nothing changed, the peer must announce in full. */
  | { readonly kind: "gap"; readonly known: number | undefined };

/** What the catalogue knows of one peer. */
export interface PeerEntry {
  readonly peerId: string;
  readonly incarnation: number;
  readonly version: number;
  readonly files: number;
  /** Whether the peer has told all it has. */
  readonly complete: boolean;
}

interface Peer {
  readonly incarnation: number;
  version: number;
  complete: boolean;
  readonly files: Map<string, AnnouncedFile>;
}

interface Version {
  readonly fileId: string;
  readonly size: number;
  readonly holders: Set<string>;
  /** Bytes, of those that have a part; made when there is one: most have none. */
  partial: Map<string, number> | undefined;
}

/** @internal A name as {@linkcode Catalogue} keeps it. */
export interface Named {
  readonly name: string;
  /** For comparisons that take no notice of case or of Unicode composition. */
  readonly folded: string;
  /** Few: most names stand for one content. */
  readonly versions: Version[];
}

/**
 * The tracker's index: name -> versions -> holders. It is told, it tells; no time, no messages. Every change is
 * made whole or not at all.
 *
 * @example
 * ```ts
 * const catalogue = new Catalogue();
 * const applied = catalogue.apply(readAnnouncement(message, from));
 * if (applied.kind === "gap") await peer.ask.announceAll();
 * ```
 */
export class Catalogue {
  readonly #peers = new Map<string, Peer>();
  readonly #names = new Map<string, Named>();
  readonly #ids = new NamesById();
  /** All names in order; undefined when it must be made anew. */
  #sorted: Named[] | undefined;

  /** How many names it knows. */
  get size(): number {
    return this.#names.size;
  }

  /**
   * Takes an announcement that `readAnnouncement` let through.
   *
   * @throws TooManyError if the peer would have more than 100,000 files, or is one peer too many
   */
  apply(announcement: Announcement): Applied {
    const { peerId, incarnation, version, full = false, more = false } = announcement;
    const known = this.#peers.get(peerId);
    if (known !== undefined && incarnation < known.incarnation) return { kind: "old" };
    const continues = known !== undefined && incarnation === known.incarnation;
    if (!full) {
      if (!continues || version > known.version + 1) {
        return { kind: "gap", known: continues ? known.version : undefined };
      }
      if (version <= known.version) return { kind: "old" };
    }
    this.#checkRoom(announcement, full ? undefined : known);
    const removedBefore = full ? this.#forget(peerId) : 0;
    const peer: Peer = continues && !full
      ? known
      : { incarnation, version, complete: false, files: new Map() };
    this.#peers.set(peerId, peer);
    peer.version = version;
    peer.complete = !more;
    let removed = removedBefore;
    for (const name of announcement.remove) if (this.#remove(peerId, peer, name)) removed++;
    for (const file of announcement.add) this.#add(peerId, peer, file);
    return { kind: "applied", added: announcement.add.length, removed };
  }

  /**
   * Forgets a peer that is gone. With `incarnation`, only if the catalogue knows none that came after it.
   * Gives whether there was something to forget.
   */
  removePeer(peerId: string, incarnation?: number): boolean {
    const peer = this.#peers.get(peerId);
    if (peer === undefined || (incarnation ?? peer.incarnation) < peer.incarnation) return false;
    this.#forget(peerId);
    return true;
  }

  /** The peers it knows of, sorted by id. `complete` ones have told all they have. */
  peers(): PeerEntry[] {
    return [...this.#peers].map(([peerId, { incarnation, version, complete, files }]) => ({
      peerId,
      incarnation,
      version,
      files: files.size,
      complete,
    })).sort((a, b) => a.peerId < b.peerId ? -1 : 1);
  }

  /** Which of the living have told all they have, and which have not: how far a new tracker's answers can be trusted. */
  completeness(living: Iterable<string>): { announced: string[]; missing: string[] } {
    const announced: string[] = [];
    const missing: string[] = [];
    for (const peerId of [...new Set(living)].sort()) {
      (this.#peers.get(peerId)?.complete ? announced : missing).push(peerId);
    }
    return { announced, missing };
  }

  get(name: string): CatalogueEntry | undefined {
    const named = this.#names.get(name);
    return named && toEntry(named);
  }

  /** Peers that have `fileId` or a part of it, under whatever name; sorted. */
  holders(fileId: string): string[] {
    const holders = new Set<string>();
    for (const name of this.#ids.of(fileId)) {
      for (const version of this.#names.get(name)!.versions) {
        if (version.fileId !== fileId) continue;
        for (const holder of version.holders) holders.add(holder);
        for (const holder of version.partial?.keys() ?? []) holders.add(holder);
      }
    }
    return [...holders].sort();
  }

  /**
   * A page of names, sorted, those after `after`.
   *
   * @param limit 1 to 1,000
   * @param prefix with which the names begin
   */
  list(
    after = "",
    limit: number = MAX_RESULTS,
    prefix = "",
  ): { entries: CatalogueEntry[]; more: boolean } {
    const sorted = this.named();
    const start = firstAt(sorted, (name) => name > after && name >= prefix);
    const end = firstAt(sorted, (name) => name >= prefix && !name.startsWith(prefix));
    const stop = Math.min(end, start + Math.min(limit, MAX_RESULTS));
    return { entries: sorted.slice(start, stop).map(toEntry), more: stop < end };
  }

  /** @internal All names, sorted. */
  named(): readonly Named[] {
    this.#sorted ??= [...this.#names.values()].sort((a, b) => a.name < b.name ? -1 : 1);
    return this.#sorted;
  }

  /** @internal Names of all file ids that begin with `prefix`. */
  withId(prefix: string): Set<string> {
    return this.#ids.startingWith(prefix);
  }

  #checkRoom(announcement: Announcement, peer: Peer | undefined): void {
    if (!this.#peers.has(announcement.peerId) && this.#peers.size >= MAX_PEERS) {
      throw new TooManyError("Peers in the catalogue", this.#peers.size + 1, MAX_PEERS);
    }
    const removed = new Set(announcement.remove.filter((name) => peer?.files.has(name)));
    let files = (peer?.files.size ?? 0) - removed.size;
    for (const { name } of announcement.add) {
      if (removed.has(name) || !peer?.files.has(name)) files++;
    }
    if (files > MAX_FILES_PER_PEER) {
      throw new TooManyError(`Files of ${announcement.peerId}`, files, MAX_FILES_PER_PEER);
    }
  }

  #forget(peerId: string): number {
    const peer = this.#peers.get(peerId);
    if (peer === undefined) return 0;
    const files = peer.files.size;
    for (const name of [...peer.files.keys()]) this.#remove(peerId, peer, name);
    this.#peers.delete(peerId);
    return files;
  }

  #add(peerId: string, peer: Peer, file: AnnouncedFile): void {
    this.#remove(peerId, peer, file.name);
    peer.files.set(file.name, file);
    const named = this.#nameOf(file.name);
    const { fileId, size, have } = file;
    let version = versionOf(named, file);
    if (version === undefined) {
      version = { fileId, size, holders: new Set(), partial: undefined };
      named.versions.push(version);
    }
    if (have === undefined) version.holders.add(peerId);
    else (version.partial ??= new Map()).set(peerId, have);
    this.#ids.add(fileId, file.name);
  }

  #nameOf(name: string): Named {
    let named = this.#names.get(name);
    if (named === undefined) {
      named = { name, folded: fold(name), versions: [] };
      this.#names.set(name, named);
      this.#sorted = undefined;
    }
    return named;
  }

  #remove(peerId: string, peer: Peer, name: string): boolean {
    const file = peer.files.get(name);
    if (file === undefined) return false;
    peer.files.delete(name);
    const named = this.#names.get(name)!;
    const version = versionOf(named, file)!;
    version.holders.delete(peerId);
    version.partial?.delete(peerId);
    if (version.holders.size + (version.partial?.size ?? 0) > 0) return true;
    named.versions.splice(named.versions.indexOf(version), 1);
    if (named.versions.length === 0) {
      this.#names.delete(name);
      this.#sorted = undefined;
    }
    for (const other of named.versions) if (other.fileId === file.fileId) return true;
    this.#ids.delete(file.fileId, name);
    return true;
  }
}

function versionOf({ versions }: Named, file: AnnouncedFile): Version | undefined {
  return versions.find(({ fileId, size }) => fileId === file.fileId && size === file.size);
}

/** The first place from which on `is` holds; it holds for none before it. */
function firstAt(sorted: readonly Named[], is: (name: string) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (is(sorted[middle]!.name)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** @internal `text` without what a search shall not notice: case and Unicode composition. */
export function fold(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

/** @internal */
export function toEntry(named: Named): CatalogueEntry {
  const versions = named.versions.map(({ fileId, size, holders, partial }) => ({
    fileId,
    size,
    holders: [...holders].sort(),
    ...(partial !== undefined && partial.size > 0 && { partial: Object.fromEntries(partial) }),
  }));
  versions.sort((a, b) => b.holders.length - a.holders.length || (a.fileId < b.fileId ? -1 : 1));
  return { name: named.name, versions };
}
