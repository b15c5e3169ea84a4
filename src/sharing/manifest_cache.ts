import { LRUCache } from "lru-cache";
import type { BuildOptions, FileVersion, HashingPorts } from "./build_manifest.ts";
import { buildManifest } from "./build_manifest.ts";
import type { Manifest } from "./manifest.ts";

/** Bytes that one manifest takes besides its hashes, roughly. */
const OVERHEAD = 512;

const DEFAULT_BYTES = 32 * 2 ** 20;

/**
 * Manifests by path, size, mtime and inode, bounded by bytes: a file that was hashed and has not changed is not
 * hashed again.
 *
 * @example
 * ```ts
 * const cache = new ManifestCache();
 * for (const file of files) manifests.push(await cache.manifestOf(ctx, file, { signal }));
 * ```
 */
export class ManifestCache {
  readonly #manifests: LRUCache<string, Manifest>;

  /** @param bytes the most that it holds; 32 MiB unless told */
  constructor(bytes: number = DEFAULT_BYTES) {
    this.#manifests = new LRUCache({
      maxSize: bytes,
      sizeCalculation: (manifest) => manifest.chunks.byteLength + OVERHEAD,
    });
  }

  get(file: FileVersion): Manifest | undefined {
    return this.#manifests.get(keyOf(file));
  }

  set(file: FileVersion, manifest: Manifest): void {
    this.#manifests.set(keyOf(file), manifest);
  }

  /** The manifest of `file`, built if it is not here. Errors are those of `buildManifest`. */
  async manifestOf(
    ports: HashingPorts,
    file: FileVersion,
    options?: BuildOptions,
  ): Promise<Manifest> {
    const known = this.get(file);
    if (known !== undefined) return known;
    const manifest = await buildManifest(ports, file, options);
    this.set(file, manifest);
    return manifest;
  }
}

function keyOf(file: FileVersion): string {
  return JSON.stringify([file.path, file.size, file.mtime, file.inode]);
}
