import { fromModule, isDefinition } from "./definition.ts";
import { decodeError, encodeError } from "./error_codec.ts";
import { NotCloneableError } from "./errors.ts";
import { toError } from "./exit_reason.ts";
import type { ActorId } from "./ids.ts";
import type { Home } from "./refs.ts";
import { isNameRef, makeNameRef } from "./name_refs.ts";
import { isRef, makeRef } from "./refs.ts";

/** The key of an object that stands for something structured clone does not know. */
const TAG = "$troupe";

/** A message's content, as it was when it was sent. */
export interface Encoded {
  readonly value: unknown;
  /** It holds tags, and must be decoded. */
  readonly coded: boolean;
  /** What moves with it; empty at the sender already. */
  readonly transfer: readonly ArrayBuffer[];
  /** Bytes of the texts and buffers in it: what a message can be large by. */
  readonly bytes: number;
}

/** Arguments that were encoded when the message was made, since it is sent later. */
export class Sealed {
  readonly encoded: Encoded;

  constructor(encoded: Encoded) {
    this.encoded = encoded;
  }
}

const NO_BUFFERS: readonly ArrayBuffer[] = Object.freeze([]);

/**
 * A copy of `value` for another actor, made at once: messages of one turn travel together, and what the sender does to
 * its objects meanwhile, or one receiver to those that another one got, too, must not be seen. Refs, errors and definitions,
 * anywhere in it, become tagged objects; what does not cross a thread is found here, by its path.
 *
 * @param where how errors call the value, as `args`
 * @param transfer what is moved, not copied
 * @throws NotCloneableError; nothing has been moved then
 */
export function encode(
  value: unknown,
  where: string,
  transfer: readonly ArrayBuffer[] | undefined = NO_BUFFERS,
): Encoded {
  if (!isObject(value)) {
    refusePrimitive(value, where);
    const bytes = typeof value === "string" ? value.length : 0;
    return { value, coded: false, transfer: NO_BUFFERS, bytes };
  }
  const plain = plainBytes(value);
  if (plain !== undefined) {
    const copy = (value as unknown[]).slice();
    return { value: copy, coded: false, transfer: NO_BUFFERS, bytes: plain };
  }
  const encoder = new Encoder(where, transfer);
  const copy = encoder.copy(value);
  const { coded, bytes } = encoder;
  // Ports cannot be moved twice; the link moves them.
  const movable = transfer.length > 0 && transfer.every((item) => item instanceof ArrayBuffer);
  if (!movable) return { value: copy, coded, transfer, bytes };
  const [moved, buffers] = move(copy, transfer, where);
  return { value: moved, coded, transfer: buffers, bytes };
}

function move(
  copy: unknown,
  transfer: readonly ArrayBuffer[],
  where: string,
): [unknown, readonly ArrayBuffer[]] {
  for (const buffer of transfer) {
    // Node 20 would move it once more, as an empty one.
    if (isGone(buffer)) throw new NotCloneableError(where, "a buffer that was given away already");
  }
  try {
    return structuredClone([copy, transfer], { transfer: [...transfer] });
  } catch (cause) {
    throw new NotCloneableError(where, toError(cause).message, { cause });
  }
}

/** Whether `buffer` was moved somewhere else. */
function isGone(buffer: ArrayBuffer): boolean {
  if (buffer.byteLength > 0) return false;
  try {
    return new Uint8Array(buffer).length > 0;
  } catch {
    return true;
  }
}

/** Undoes {@linkcode encode}, in place. The refs in the result send for `home`. */
export function decode(
  encoded: { readonly value: unknown; readonly coded: boolean },
  home: Home,
): unknown {
  return encoded.coded ? restore(encoded.value, home, new Map()) : encoded.value;
}

/** The bytes of a list of nothing but numbers, texts and the like, as most arguments are; undefined for anything else. */
function plainBytes(value: object): number | undefined {
  if (!Array.isArray(value)) return undefined;
  let bytes = 0;
  for (const part of value) {
    if (typeof part === "string") bytes += part.length;
    else if (typeof part === "function" || typeof part === "symbol" || isObject(part)) {
      return undefined;
    }
  }
  return bytes;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function refusePrimitive(value: unknown, where: string): void {
  if (typeof value === "function") throw new NotCloneableError(where, "a function");
  if (typeof value === "symbol") throw new NotCloneableError(where, "a symbol");
}

/** Copies one value; sharing and cycles within it are kept. */
class Encoder {
  coded = false;
  bytes = 0;
  readonly #where: string;
  readonly #transfer: ReadonlySet<unknown>;
  readonly #made = new Map<object, unknown>();
  /** Where in the value it is. */
  readonly #path: string[] = [];

  constructor(where: string, transfer: readonly unknown[]) {
    this.#where = where;
    this.#transfer = new Set(transfer);
  }

  copy(value: unknown): unknown {
    if (!isObject(value)) {
      if (typeof value === "string") this.bytes += value.length;
      // The path costs more than the look.
      else if (typeof value === "function" || typeof value === "symbol") {
        refusePrimitive(value, this.#here);
      }
      return value;
    }
    const known = this.#made.get(value);
    if (known !== undefined) return known;
    if (Array.isArray(value)) return this.#list(value);
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.#plain(value);
    if (value instanceof Map) return this.#map(value);
    if (value instanceof Set) return this.#set(value);
    return this.#tagged(value) ?? this.#native(value) ?? this.#plain(value);
  }

  get #here(): string {
    return `${this.#where}${this.#path.join("")}`;
  }

  #part(value: unknown, step: string): unknown {
    this.#path.push(step);
    const copy = this.copy(value);
    this.#path.pop();
    return copy;
  }

  #keep<T>(value: object, copy: T): T {
    this.#made.set(value, copy);
    return copy;
  }

  #list(value: readonly unknown[]): unknown[] {
    const copy = this.#keep<unknown[]>(value, []);
    for (let i = 0; i < value.length; i++) copy.push(this.#part(value[i], `[${i}]`));
    return copy;
  }

  #map(value: ReadonlyMap<unknown, unknown>): Map<unknown, unknown> {
    const copy = this.#keep(value, new Map<unknown, unknown>());
    for (const [key, part] of value) copy.set(this.#part(key, ".key"), this.#part(part, ".value"));
    return copy;
  }

  #set(value: ReadonlySet<unknown>): Set<unknown> {
    const copy = this.#keep(value, new Set<unknown>());
    for (const part of value) copy.add(this.#part(part, ".item"));
    return copy;
  }

  #plain(value: object): unknown {
    if (isDefinition(value)) return this.#definition(value);
    const copy: Record<string, unknown> = this.#keep(value, {});
    const fields = value as Readonly<Record<string, unknown>>;
    for (const key of Object.keys(fields)) copy[key] = this.#part(fields[key], `.${key}`);
    // What looks like a tag must not be taken for one.
    return Object.hasOwn(value, TAG) ? this.#tag(value, "plain", { value: copy }) : copy;
  }

  #tag(value: object, tag: string, fields: object): object {
    this.coded = true;
    return this.#keep(value, { [TAG]: tag, ...fields });
  }

  #definition(value: object & { readonly source?: unknown; readonly kind: string }): object {
    const { source, kind } = value;
    if (source === undefined) {
      throw new NotCloneableError(this.#here, "a definition made in code (use fromModule)");
    }
    return this.#tag(value, "definition", { source, kind });
  }

  #tagged(value: object): object | undefined {
    if (isRef(value)) return this.#tag(value, "ref", { id: value.id, name: value.name });
    if (isNameRef(value)) return this.#tag(value, "via", { name: value.name });
    if (!(value instanceof Error)) return undefined;
    const tagged = this.#tag(value, "error", {});
    return Object.assign(tagged, encodeError(value, (field, step) => this.#optional(field, step)));
  }

  /** A field of an error that does not cross is left out: the rest of the news matters more. */
  #optional(field: unknown, step: string): { readonly value: unknown } | undefined {
    const depth = this.#path.length;
    try {
      return { value: this.#part(field, step) };
    } catch {
      this.#path.length = depth;
      return undefined;
    }
  }

  /** Undefined for an instance of somebody's class, which crosses as its fields. */
  #native(value: object): unknown {
    if (value instanceof SharedArrayBuffer) return value;
    if (value instanceof ArrayBuffer) {
      this.bytes += value.byteLength;
      return this.#transfer.has(value) ? value : this.#keep(value, value.slice(0));
    }
    if (this.#transfer.has(value)) return value;
    if (ArrayBuffer.isView(value)) {
      this.bytes += value.byteLength;
      return this.#keep(value, this.#view(value));
    }
    if (Object.prototype.toString.call(value) === "[object Object]") return undefined;
    if (value instanceof AbortSignal) {
      throw new NotCloneableError(this.#here, "an AbortSignal (pass it as the option `signal`)");
    }
    try {
      return this.#keep(value, structuredClone(value));
    } catch (cause) {
      const what = Object.prototype.toString.call(value).slice("[object ".length, -1);
      throw new NotCloneableError(this.#here, `a ${what}`, { cause });
    }
  }

  /** Only what it shows, not all of the buffer behind it. */
  #view(view: ArrayBufferView): ArrayBufferView {
    const { buffer, byteOffset, byteLength } = view;
    if (this.#transfer.has(buffer) || buffer instanceof SharedArrayBuffer) return view;
    if (view instanceof DataView) {
      return new DataView(buffer.slice(byteOffset, byteOffset + byteLength));
    }
    if (view instanceof Uint8Array) return new Uint8Array(view);
    const Type = view.constructor as new (view: ArrayBufferView) => ArrayBufferView;
    return new Type(view);
  }
}

/** What holds no parts that could be tagged. */
function isAtom(value: object): boolean {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Date ||
    value instanceof RegExp || value instanceof SharedArrayBuffer ||
    value.constructor?.name === "MessagePort";
}

function restore(value: unknown, home: Home, done: Map<object, unknown>): unknown {
  if (!isObject(value)) return value;
  if (isAtom(value)) return value;
  if (done.has(value)) return done.get(value);
  const keep = <T>(result: T): T => (done.set(value, result), result);
  const part = (inner: unknown): unknown => restore(inner, home, done);

  if (Object.hasOwn(value, TAG)) return restoreTagged(value as Tagged, home, keep, part);
  keep(value);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = part(value[i]);
  } else if (value instanceof Map) {
    const entries = [...value];
    value.clear();
    for (const [key, inner] of entries) value.set(part(key), part(inner));
  } else if (value instanceof Set) {
    const items = [...value];
    value.clear();
    for (const inner of items) value.add(part(inner));
  } else {
    const record = value as Record<string, unknown>;
    for (const key of Object.keys(record)) record[key] = part(record[key]);
  }
  return value;
}

interface Tagged {
  readonly [TAG]: string;
  readonly [field: string]: unknown;
}

function restoreTagged(
  tagged: Tagged,
  home: Home,
  keep: <T>(result: T) => T,
  part: (inner: unknown) => unknown,
): unknown {
  switch (tagged[TAG]) {
    case "ref":
      return keep(makeRef(home, tagged["id"] as ActorId, tagged["name"] as string | undefined));
    case "via":
      return keep(makeNameRef(home, tagged["name"] as string));
    case "definition": {
      const source = tagged["source"] as { url: string; export: string };
      const kind = tagged["kind"] as "worker" | "supervisor";
      return keep({ ...fromModule(source.url, source.export), kind });
    }
    case "error":
      return decodeError(tagged, keep, part);
    case "plain": {
      const inner = tagged["value"] as Record<string, unknown>;
      keep(inner);
      for (const key of Object.keys(inner)) inner[key] = part(inner[key]);
      return inner;
    }
    default:
      throw new NotCloneableError(
        "A message",
        `tagged "${String(tagged[TAG])}", a tag nobody knows`,
      );
  }
}
