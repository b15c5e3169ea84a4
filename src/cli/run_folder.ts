import process from "node:process";
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { codeOf, UsageError } from "./errors.ts";
import { printable } from "./text/printable.ts";

/** The folder of a run that begins now, under `.troupe/runs`. */
export function runFolder(cwd: string, name: string, now: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = two(now.getMonth() + 1) + two(now.getDate());
  const time = two(now.getHours()) + two(now.getMinutes()) + two(now.getSeconds());
  // Two that begin within a second are told apart by their process.
  return join(cwd, ".troupe", "runs", `${day}-${time}-${name}-${process.pid}`);
}

/** `path` in full. @throws UsageError naming `option` if it is no folder */
export async function existingFolder(option: string, path: string, cwd: string): Promise<string> {
  const full = resolve(cwd, path);
  const is = await kindOf(option, path, full);
  if (is === "folder") return full;
  const what = is === "nothing" ? "there is no such folder" : "it is a file";
  throw new UsageError(`${option} is "${printable(path)}", expected a folder: ${what}`);
}

/** `path` in full, of a folder that may be made later. @throws UsageError naming `option` if a file is there */
export async function possibleFolder(option: string, path: string, cwd: string): Promise<string> {
  const full = resolve(cwd, path);
  if (await kindOf(option, path, full) !== "file") return full;
  throw new UsageError(`${option} is "${printable(path)}", expected a folder: it is a file`);
}

async function kindOf(
  option: string,
  path: string,
  full: string,
): Promise<"folder" | "file" | "nothing"> {
  try {
    return (await stat(full)).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "nothing";
    throw new UsageError(
      `${option} is "${printable(path)}", expected a folder that can be read: ${
        codeOf(error) ?? error
      }`,
      { cause: error },
    );
  }
}
