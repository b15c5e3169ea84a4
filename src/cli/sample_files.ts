import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Gives every peer files to share, those that the seed's launcher made: one of its own, one that all have, and some that
 * several have.
 */
export async function makeSampleFiles(shared: string, peers: number): Promise<void> {
  await Promise.all(Array.from({ length: peers }, async (_, index) => {
    const number = index + 1;
    const folder = join(shared, `peer-${number}`);
    await mkdir(folder, { recursive: true });
    const files = sampleFilesOf(number, peers);
    await Promise.all(files.map(([name, text]) => writeFile(join(folder, name), text)));
  }));
}

/** Names and contents for peer `number` of `peers`. */
export function sampleFilesOf(number: number, peers: number): [name: string, text: string][] {
  const files: [string, string][] = [
    [`unique_to_peer${number}.txt`, `Only peer-${number} has this file.\n`],
    ["common.txt", "Every peer has this file.\n"],
    number % 2 === 0
      ? ["fileA.txt", "Peers with an even number have this file.\n"]
      : ["fileB.txt", "Peers with an odd number have this file.\n"],
  ];
  if (number === 1 || number === peers) {
    files.push(["fileC.txt", "The first and the last peer have this file.\n"]);
  }
  return files;
}
