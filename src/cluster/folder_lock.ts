import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { InvalidOptionError } from "../actor/mod.ts";

/** In the run's folder while a cluster uses it; holds the number of its process. */
const FILE = "lock";

/** Folders that clusters of this process use. */
const ours = new Set<string>();

/**
 * Keeps a second cluster out of a folder: two peers of one id over one record could vote twice. What a process that died left
 * behind is taken over.
 *
 * @throws InvalidOptionError if the folder is in use
 */
export function lockFolder(folder: string): Disposable {
  const path = join(folder, FILE);
  if (ours.has(path)) throw inUse(folder, process.pid);
  for (let tries = 0;; tries++) {
    if (create(path)) break;
    const owner = Number(read(path));
    if (tries > 2 || (owner !== process.pid && isAlive(owner))) throw inUse(folder, owner);
    rmSync(path, { force: true });
  }
  ours.add(path);
  return {
    [Symbol.dispose]() {
      ours.delete(path);
      rmSync(path, { force: true });
    },
  };
}

/** In one step: of two processes one creates it. */
function create(path: string): boolean {
  try {
    const fd = openSync(path, "wx");
    writeSync(fd, `${process.pid}\n`);
    closeSync(fd);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "EEXIST") return false;
    throw error;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // It went meanwhile.
    return "";
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}

function inUse(folder: string, owner: number): InvalidOptionError {
  const expected =
    `a folder that no other cluster uses; process ${owner} does, by its file "${FILE}"`;
  return new InvalidOptionError("folder", folder, expected);
}
