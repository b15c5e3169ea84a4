import { isDefinition } from "./definition.ts";
import { NotCloneableError } from "./errors.ts";
import { decodeError, encodeError } from "./error_codec.ts";
import type { ActorId } from "./ids.ts";
import { fromModule } from "./definition.ts";
import type { Home } from "./refs.ts";
import { isNameRef, isRef, makeNameRef, makeRef } from "./refs.ts";

/** The key of an object that stands for something structured clone does not know. */
const TAG = "$troupe";

/** A message's content, ready for structured clone. `coded` says that it holds tags. */
export interface Encoded {
  readonly value: unknown;
  readonly coded: boolean;
}

/**
 * Prepares `value` for another thread: refs, errors and definitions, anywhere in it, become tagged objects;
 * what does not cross a thread is found here, by its path, before it can spoil a batch. Most messages hold
 * nothing special and are passed on as they are.
 *
 * @param where how errors call the value, as `args`
 * @throws NotCloneableError
 */
export function encode(value: unknown, where: string): Encoded {
  if (!isObject(value)) {
    refusePrimitive(value, where);
    return { value, coded: false };
  }
  if (!hasSpecial(value, where, new Set())) return { value, coded: false };
  return { value: copy(value, where, new Map()), coded: true };
}

/** Undoes {@linkcode encode}, in place. The refs in the result send for `home`. */
export function decode(encoded: Encoded, home: Home): unknown {
  return encoded.coded ? restore(encoded.value, home, new Map()) : encoded.value;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function refusePrimitive(value: unknown, where: string): void {
  if (typeof value === "function") throw new NotCloneableError(where, "a function");
  if (typeof value === "symbol") throw new NotCloneableError(where, "a symbol");
}

/** Looks through `value` once; true where something must be tagged. */
function hasSpecial(value: object, where: string, seen: Set<object>): boolean {
  if (isTagged(value)) return true;
  if (isAtom(value)) return false;
  refuseObject(value, where);
  if (seen.has(value)) return false;
  seen.add(value);
  let found = false;
  forEachPart(value, (part, name) => {
    if (!isObject(part)) refusePrimitive(part, `${where}${name}`);
    else if (hasSpecial(part, `${where}${name}`, seen)) found = true;
  });
  return found;
}

/** Whether `value` is (or could be mistaken for) a tagged object. */
function isTagged(value: object): boolean {
  return isRef(value) || isNameRef(value) || value instanceof Error || isDefinition(value) ||
    Object.hasOwn(value, TAG);
}

/** What structured clone copies whole. */
function isAtom(value: object): boolean {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Date ||
    value instanceof RegExp || value instanceof SharedArrayBuffer ||
    value.constructor?.name === "MessagePort";
}

function refuseObject(value: object, where: string): void {
  const what = value instanceof Promise
    ? "a promise"
    : value instanceof AbortSignal
    ? "an AbortSignal (pass it as the option `signal`)"
    : value instanceof WeakMap || value instanceof WeakSet
    ? "a weak collection"
    : undefined;
  if (what !== undefined) throw new NotCloneableError(where, what);
}

function forEachPart(value: object, visit: (part: unknown, name: string) => void): void {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) visit(value[i], `[${i}]`);
  } else if (value instanceof Map) {
    for (const [key, part] of value) {
      visit(key, ".key");
      visit(part, `.get(${String(key)})`);
    }
  } else if (value instanceof Set) {
    for (const part of value) visit(part, ".item");
  } else {
    for (const key of Object.keys(value)) {
      visit((value as Record<string, unknown>)[key], `.${key}`);
    }
  }
}

/** A copy of `value` with tags; sharing and cycles are kept. */
function copy(value: unknown, where: string, made: Map<object, unknown>): unknown {
  if (!isObject(value)) return value;
  const known = made.get(value);
  if (known !== undefined) return known;
  const part = (inner: unknown, name: string): unknown => copy(inner, `${where}${name}`, made);
  const keep = <T>(result: T): T => (made.set(value, result), result);

  if (isRef(value)) return keep({ [TAG]: "ref", id: value.id, name: value.name });
  if (isNameRef(value)) return keep({ [TAG]: "via", name: value.name });
  if (isDefinition(value)) {
    if (value.source === undefined) {
      throw new NotCloneableError(where, "a definition made in code (use fromModule)");
    }
    return keep({ [TAG]: "definition", source: value.source, kind: value.kind });
  }
  if (value instanceof Error) {
    const result: Record<string, unknown> = keep({ [TAG]: "error" });
    return Object.assign(
      result,
      encodeError(value, (field, name) => safely(() => part(field, name))),
    );
  }
  if (isAtom(value)) return value;
  if (Array.isArray(value)) {
    const result: unknown[] = keep([]);
    for (let i = 0; i < value.length; i++) result.push(part(value[i], `[${i}]`));
    return result;
  }
  if (value instanceof Map) {
    const result = keep(new Map<unknown, unknown>());
    for (const [key, inner] of value) result.set(part(key, ".key"), part(inner, `.get`));
    return result;
  }
  if (value instanceof Set) {
    const result = keep(new Set<unknown>());
    for (const inner of value) result.add(part(inner, ".item"));
    return result;
  }
  const result: Record<string, unknown> = keep({});
  for (const key of Object.keys(value)) {
    result[key] = part((value as Record<string, unknown>)[key], `.${key}`);
  }
  return Object.hasOwn(value, TAG) ? { [TAG]: "plain", value: result } : result;
}

/** A field of an error that does not cross is left out: the rest of the news matters more. */
function safely(encodeField: () => unknown): { readonly value: unknown } | undefined {
  try {
    const value = encodeField();
    refusePrimitive(value, "field");
    return { value };
  } catch {
    return undefined;
  }
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
