import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder that is gone when its scope ends. */
export interface TempDir extends AsyncDisposable {
  /** Absolute, without symbolic links. */
  readonly path: string;
  /** Writes a file in it, with the folders above it, and answers its absolute path. */
  write(relative: string, content: string | Uint8Array): Promise<string>;
}

/**
 * Makes an empty temporary folder.
 *
 * Scopes end in reverse order, so that what is opened after it is closed before it vanishes; `t.after` would run in the
 * order of registration.
 *
 * @example
 * ```ts
 * test("scans a folder", async () => {
 *   await using dir = await tempDir();
 *   await dir.write("music/a.txt", "a");
 *   await using cluster = await createCluster({ shared: dir.path });
 * });
 * ```
 */
export async function tempDir(): Promise<TempDir> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "troupe-test-")));
  return {
    path,
    async write(relative, content) {
      const file = join(path, relative);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      return file;
    },
    // A thread that was just terminated may finish one more write on Deno: hence the retries.
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }),
  };
}
