import { BadNameError } from "./errors.ts";
import { MAX_NAME_BYTES, MAX_PART_BYTES, PRIVATE_FOLDER } from "./limits.ts";

/** Windows takes these for devices, whatever extension follows. */
const RESERVED =
  /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])$/i;

const CONTROL = /\p{Cc}/u;
const LONE_SURROGATE = /\p{Cs}/u;
const DRIVE = /^[A-Za-z]:/;
const WINDOWS_ROOT = /^(?:[A-Za-z]:|\\\\)/;
const NOT_ON_WINDOWS = /[<>:"|?*]/;

const encoder = new TextEncoder();

/**
 * Why `name` is not a safe relative name of a file; undefined if it is one. Parts are separated by `/`. The one
 * check for every border: scan, announcement, search result, download (`sharing.md`, "Hostile and unlucky input").
 *
 * @example
 * ```ts
 * whyUnsafe("music/a.flac"); // undefined
 * whyUnsafe("../etc/passwd"); // 'a part is ".."'
 * ```
 */
export function whyUnsafe(name: unknown): string | undefined {
  if (typeof name !== "string") return "it is no text";
  if (name === "") return "it is empty";
  if (isLonger(name, MAX_NAME_BYTES)) {
    return `it is longer than ${MAX_NAME_BYTES} bytes`;
  }
  if (name.includes("\0")) return "it has a NUL";
  if (CONTROL.test(name)) return "it has a control character";
  if (LONE_SURROGATE.test(name)) return "it is no well-formed Unicode";
  if (name.includes("\\")) return "it has a backslash";
  if (name.startsWith("/")) return "it is an absolute path";
  for (const part of name.split("/")) {
    const why = whyUnsafePart(part);
    if (why !== undefined) return why;
  }
  return undefined;
}

function whyUnsafePart(part: string): string | undefined {
  if (part === "") return "a part is empty";
  if (part === "." || part === "..") return `a part is "${part}"`;
  if (part.endsWith(".") || part.endsWith(" ")) return "a part ends in a dot or a space";
  if (DRIVE.test(part)) return "a part begins with a drive letter";
  if (RESERVED.test(part.split(".", 1)[0]!.trimEnd())) {
    return "a part is a reserved word of Windows";
  }
  if (isLonger(part, MAX_PART_BYTES)) return `a part is longer than ${MAX_PART_BYTES} bytes`;
  if (part.toLowerCase() === PRIVATE_FOLDER) return `a part is "${PRIVATE_FOLDER}"`;
  return undefined;
}

/**
 * `name` itself if it is safe.
 *
 * @throws BadNameError with the reason and the escaped name
 */
export function safeName(name: unknown): string {
  const why = whyUnsafe(name);
  if (why !== undefined) throw new BadNameError(name, why);
  return name as string;
}

/**
 * The absolute path of the safe `name` under the folder `root`, with the separator that `root` has.
 *
 * @throws BadNameError if it is not safe, or not possible on the system that `root` is of
 */
export function joinName(root: string, name: string): string {
  safeName(name);
  const windows = WINDOWS_ROOT.test(root);
  // A colon would open a second stream of a file there.
  if (windows && NOT_ON_WINDOWS.test(name)) {
    throw new BadNameError(name, "it has a character that Windows does not allow");
  }
  const separator = windows ? "\\" : "/";
  const relative = windows ? name.replaceAll("/", "\\") : name;
  return root.endsWith(separator) ? root + relative : root + separator + relative;
}

/** Whether `path` begins at a root, of whatever system. */
export function isAbsolute(path: unknown): path is string {
  return typeof path === "string" && (path.startsWith("/") || WINDOWS_ROOT.test(path));
}

/** The folders above `name`, outermost first: `a`, `a/b` for `a/b/c.txt`. */
export function foldersOf(name: string): string[] {
  const parts = name.split("/");
  return parts.slice(0, -1).map((_, i) => parts.slice(0, i + 1).join("/"));
}

/**
 * `name` with a number before its extension, cut so that it stays a safe name: `a/b (2).txt` for `a/b.txt`.
 *
 * @param n 2 or more; 1 gives `name` itself
 */
export function numberedName(name: string, n: number): string {
  if (n === 1) return name;
  const start = name.lastIndexOf("/") + 1;
  const dot = name.lastIndexOf(".");
  const end = dot > start ? dot : name.length;
  const suffix = ` (${n})`;
  const extension = name.slice(end);
  let stem = [...name.slice(start, end)];
  const room = MAX_PART_BYTES - byteLength(suffix) - byteLength(extension);
  if (room < 1) return numberedWhole(name, start, suffix);
  while (byteLength(stem.join("")) > room) stem = stem.slice(0, -1);
  return name.slice(0, start) + stem.join("") + suffix + extension;
}

/** The extension fills the part: the number goes to the end of what is left. */
function numberedWhole(name: string, start: number, suffix: string): string {
  let part = [...name.slice(start)];
  while (byteLength(part.join("")) > MAX_PART_BYTES - suffix.length) part = part.slice(0, -1);
  return name.slice(0, start) + part.join("") + suffix;
}

function isLonger(text: string, bytes: number): boolean {
  // A code unit takes three bytes at most; most names need no encoding to be judged.
  return text.length > bytes || (text.length * 3 > bytes && byteLength(text) > bytes);
}

function byteLength(text: string): number {
  return encoder.encode(text).length;
}
