import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { codeOf, ConsoleError, UsageError } from "../errors.ts";
import { printable } from "../text/printable.ts";

/**
 * Bytes of the longest path that is the same socket everywhere: macOS has room for 104 with the closing zero, Linux for
 * 108, and Node 20 makes a socket at the path cut short without a word where it is longer.
 */
export const LONGEST_PATH = 103;

/** The folder of this user's control sockets: `$XDG_RUNTIME_DIR/troupe`, else `/tmp/troupe-<uid>`. */
export function controlFolder(env: Readonly<Record<string, string | undefined>>): string {
  const runtime = env["XDG_RUNTIME_DIR"];
  if (runtime) return join(runtime, "troupe");
  const { uid, username } = userInfo();
  return join(tmpdir(), `troupe-${uid >= 0 ? uid : username}`);
}

/** Makes `folder` for its owner alone where it is missing. @throws ConsoleError if others could put a socket of theirs in it */
export function claimFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid } = userInfo();
  const is = lstatSync(folder);
  const own = is.isDirectory() && (uid < 0 || is.uid === uid);
  if (!own) {
    throw new ConsoleError(`${printable(folder)} is no folder of yours: no control socket in it`);
  }
  if ((is.mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

/** Where the socket of cluster `name` is. @throws UsageError if the name is none, or the path is too long for a socket */
export function socketPath(folder: string, name: string): string {
  if (!isName(name)) {
    throw new UsageError(
      `The name of the cluster is "${
        printable(name)
      }", expected letters, digits and dashes, as brisk-otter`,
    );
  }
  const path = join(folder, `${name}.sock`);
  const bytes = Buffer.byteLength(path);
  if (bytes <= LONGEST_PATH) return path;
  throw new UsageError(
    `The control socket would be ${
      printable(path)
    }, ${bytes} bytes; expected ${LONGEST_PATH} at most`,
    { hint: "Give it a shorter --name, or set XDG_RUNTIME_DIR to a shorter folder." },
  );
}

/** Whether `text` can be the name of a cluster. */
export function isName(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,62}$/i.test(text);
}

/** Whether `error` says that nobody listens at a socket. */
export function isStale(error: unknown): boolean {
  return codeOf(error) === "ECONNREFUSED" || codeOf(error) === "ENOENT" ||
    codeOf(error) === "ENOTSOCK";
}
