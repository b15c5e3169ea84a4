import type { Disk, Hashing } from "../../src/actor/mod.ts";
import { DiskError, keyedRandom } from "../../src/actor/mod.ts";
import { threadHashing } from "../../src/runtime/threads/hashing.ts";
import type { DownloadOptions, Manifest } from "../../src/sharing/mod.ts";
import { fileIdOf, NoChunkError } from "../../src/sharing/mod.ts";
import { MemoryDisk } from "./memory_disk.ts";
import type { VirtualClock } from "./virtual_clock.ts";
import { virtualClock } from "./virtual_clock.ts";

export const hashing: Hashing = threadHashing();

/** Small chunks, so that small files have many. */
export const LIMITS = {
  minChunkSize: 16,
  maxChunkSize: 64,
  easyChunkSize: 64,
  targetChunks: 4,
  manyChunks: 4,
  maxChunks: 64,
};

/** What a holder does with one request. */
export type Deed =
  | "ok"
  | "wrong"
  | "short"
  | "long"
  | "foreign"
  | "busy"
  | "hang"
  | "die"
  | "fresh";

/** A holder made of a script. */
export interface FakeHolder {
  /** Chunks that it has; all unless told. */
  readonly has?: ReadonlySet<number>;
  /** One deed per request; `ok` after the last. */
  readonly deeds?: readonly Deed[];
  /** Milliseconds per answer. */
  readonly ms?: number;
}

export interface World {
  readonly clock: VirtualClock;
  readonly disk: MemoryDisk;
  readonly content: Uint8Array;
  readonly manifest: Manifest;
  /** Chunk indexes, in the order in which they were asked for. */
  readonly asked: { readonly holder: string; readonly index: number }[];
  readonly lost: { readonly holder: string; readonly code: unknown; readonly banned: boolean }[];
  /** Holders that do not answer any more. */
  readonly dead: Set<string>;
  /** Requests under way at once, at most. */
  mostInFlight: number;
  options(
    holders: Readonly<Record<string, FakeHolder>>,
    more?: Partial<DownloadOptions>,
  ): DownloadOptions;
}

/** A file of `size` bytes that fake holders have, and a disk in memory to download it to. */
export function world(size: number, chunkSize = 16): World {
  const clock = virtualClock();
  const random = keyedRandom(size * 100 + chunkSize);
  const content = Uint8Array.from({ length: size }, () => random.below(256));
  const manifest = manifestOf(content, chunkSize);
  let inFlight = 0;
  const it: World = {
    clock,
    disk: new MemoryDisk(clock),
    content,
    manifest,
    asked: [],
    lost: [],
    dead: new Set(),
    mostInFlight: 0,
    options: (holders, more = {}) => {
      const deeds = new Map(
        Object.entries(holders).map(([id, { deeds = [] }]) => [id, [...deeds]]),
      );
      return {
        disk: it.disk,
        hashing,
        clock,
        random: keyedRandom(1),
        fileId: manifest.fileId,
        name: "music/song.bin",
        folder: "/downloads/me",
        holders: Object.keys(holders),
        limits: LIMITS,
        askManifest: async (holder) => {
          await wait(clock, 1);
          if (it.dead.has(holder)) throw dead(holder);
          return { ...manifest, name: "whatever.bin" };
        },
        fetch: async (holder, index, buffer) => {
          it.asked.push({ holder, index });
          it.mostInFlight = Math.max(it.mostInFlight, ++inFlight);
          try {
            const { has, ms = 1 } = holders[holder]!;
            await wait(clock, ms);
            const deed = deeds.get(holder)!.shift() ?? "ok";
            if (it.dead.has(holder) || deed === "die") {
              it.dead.add(holder);
              throw dead(holder);
            }
            if (has !== undefined && !has.has(index)) {
              throw new NoChunkError(manifest.fileId, index);
            }
            return await answer(deed, it, index, buffer);
          } finally {
            inFlight--;
          }
        },
        onHolderLost: (holder, why, banned) => {
          it.lost.push({ holder, code: (why as { code?: unknown }).code, banned });
        },
        ...more,
      };
    },
  };
  return it;
}

function answer(
  deed: Deed,
  world: World,
  index: number,
  buffer: ArrayBuffer,
): Promise<ArrayBuffer> {
  const { content, manifest } = world;
  const chunk = content.slice(index * manifest.chunkSize, (index + 1) * manifest.chunkSize);
  const given = deed === "fresh" ? new ArrayBuffer(buffer.byteLength) : buffer;
  new Uint8Array(given).set(chunk);
  switch (deed) {
    case "wrong":
      new Uint8Array(given)[0]! ^= 1;
      return Promise.resolve(given);
    case "short":
      return Promise.resolve(given.slice(0, chunk.length - 1));
    case "long":
      return Promise.resolve(new Uint8Array([...chunk, 1, 2, 3]).buffer);
    case "foreign":
      return Promise.resolve({ length: 16 } as unknown as ArrayBuffer);
    case "busy":
      return Promise.reject(Object.assign(new Error("busy"), { code: "mailbox_full" }));
    case "hang":
      return new Promise(() => {});
    default:
      return Promise.resolve(given);
  }
}

function dead(holder: string): Error {
  return Object.assign(new Error(`${holder} is gone`), { code: "noproc" });
}

export function wait(clock: VirtualClock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.setTimeout(resolve, ms));
}

export function manifestOf(bytes: Uint8Array, chunkSize: number): Manifest {
  const hashes: number[] = [];
  for (let at = 0; at < bytes.length; at += chunkSize) {
    hashes.push(...hashing.sha256().update(bytes.subarray(at, at + chunkSize)).digest());
  }
  const chunks = new Uint8Array(hashes);
  const fileId = fileIdOf(hashing, bytes.length, chunkSize, chunks);
  return { fileId, size: bytes.length, chunkSize, algorithm: "sha256", chunks };
}

/** `disk` as one process sees it: after `kill`, nothing that the process still does has an effect. */
export function session(disk: MemoryDisk): { readonly disk: Disk; kill(): void } {
  let alive = true;
  const seen = new Proxy(disk, {
    get(target, key) {
      const value = Reflect.get(target, key) as unknown;
      if (typeof value !== "function") return value;
      return (...args: unknown[]) =>
        alive
          ? value.apply(target, args)
          : Promise.reject(new DiskError("EIO", String(key), "dead"));
    },
  });
  return { disk: seen, kill: () => void (alive = false) };
}
