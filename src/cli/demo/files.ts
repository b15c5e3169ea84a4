import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { writeRandomFile } from "../random_file.ts";

const MIB = 1024 * 1024;

/** The large file. */
export const FILM = "film.bin";
/** Its bytes unless told: long enough to see a bar move, short enough to wait for. */
export const FILM_SIZE: number = 96 * MIB;
/** A file of some MiB, and not of whole chunks. */
const ALBUM = "album.zip";
/** The name that two peers use for different contents. */
export const NOTES = "notes.txt";
/** The file without content. */
export const EMPTY = "empty.txt";
/** The file in a folder of its own. */
export const SONG = "music/song.txt";

/** What was made. */
export interface DemoFiles {
  /** Contents that differ in name or bytes, as `list net` shall show them: `name` to how many versions. */
  readonly versions: ReadonlyMap<string, number>;
}

/** Makes the folders of five peers, with every kind of file that a network meets. */
export async function makeDemoFiles(shared: string, filmSize: number): Promise<DemoFiles> {
  const small: [peer: number, name: string, content: string][] = [
    [1, NOTES, "Notes of peer-1: buy bread.\n"],
    [2, NOTES, "Notes of peer-2: the same name, other words.\n"],
    [3, EMPTY, ""],
    [4, SONG, "do re mi\n"],
  ];
  for (let peer = 1; peer <= 5; peer++) {
    small.push([peer, `unique_to_peer${peer}.txt`, `Only peer-${peer} has this file.\n`]);
    small.push([peer, "common.txt", "Every peer has this file.\n"]);
  }
  for (const [peer, name, content] of small) {
    const path = join(shared, `peer-${peer}`, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  await writeTwice(shared, ALBUM, 5 * MIB + 12_345, [2, 4]);
  await writeTwice(shared, FILM, filmSize, [3, 5]);
  return { versions: versionsOf(small) };
}

function versionsOf(small: readonly (readonly [number, string, string])[]): Map<string, number> {
  const contents = new Map([ALBUM, FILM].map((name) => [name, new Set([""])]));
  for (const [, name, content] of small) {
    contents.set(name, (contents.get(name) ?? new Set()).add(content));
  }
  return new Map([...contents].map(([name, versions]) => [name, versions.size]));
}

async function writeTwice(
  shared: string,
  name: string,
  size: number,
  [first, second]: readonly [number, number],
): Promise<void> {
  const path = join(shared, `peer-${first}`, name);
  await writeRandomFile(path, size);
  await copyFile(path, join(shared, `peer-${second}`, name));
}

/** The SHA-256 of a file, in hexadecimal digits. */
export async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: MIB }), hash);
  return hash.digest("hex");
}
