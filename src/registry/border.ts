import type { AnyRef, Meta, NameQuery } from "../actor/mod.ts";
import { InvalidOptionError } from "../actor/mod.ts";
import { encode } from "../actor/codec.ts";

/** Characters that a name or a group may have, at most. */
export const MAX_NAME_LENGTH = 512;

/** @throws InvalidOptionError naming `field` unless `name` is text of 1 to 512 characters without control characters */
export function checkName(name: unknown, field = "name"): asserts name is string {
  const good = typeof name === "string" && name.length >= 1 && name.length <= MAX_NAME_LENGTH &&
    !/\p{Cc}/u.test(name);
  if (good) return;
  throw new InvalidOptionError(
    field,
    name,
    `text of 1 to ${MAX_NAME_LENGTH} characters, none of them a control character`,
  );
}

/**
 * @throws InvalidOptionError unless `meta` is a plain object
 * @throws NotCloneableError naming the field whose value does not cross a thread
 */
export function checkMeta(meta: unknown): asserts meta is Meta {
  if (!isPlain(meta)) throw new InvalidOptionError("meta", meta, "a plain object");
  encode(meta, "meta");
}

/** @throws InvalidOptionError unless `rank` is a finite number above 0 */
export function checkRank(rank: unknown): asserts rank is number {
  if (typeof rank === "number" && Number.isFinite(rank) && rank > 0) return;
  throw new InvalidOptionError("rank", rank, "a finite number above 0");
}

/** @throws InvalidOptionError unless `ref` is the ref of one incarnation */
export function checkRef(ref: unknown): asserts ref is AnyRef {
  if (typeof ref === "object" && ref !== null && "id" in ref && typeof ref.id === "string") return;
  throw new InvalidOptionError("ref", ref, "the ref of an actor (an ActorRef, not a name)");
}

/** @throws InvalidOptionError naming the field of `query` */
export function checkQuery(query: unknown): asserts query is NameQuery {
  if (!isPlain(query)) throw new InvalidOptionError("query", query, "{ prefix?, name?, meta? }");
  for (const [field, value] of Object.entries(query)) {
    if (value === undefined) continue;
    if (field === "name") checkName(value, "query.name");
    else if (field === "prefix") checkPrefix(value);
    else if (field === "meta") checkQueryMeta(value);
    else throw new InvalidOptionError(`query.${field}`, value, "one of prefix, name and meta");
  }
}

function checkPrefix(prefix: unknown): void {
  if (typeof prefix === "string" && prefix.length <= MAX_NAME_LENGTH) return;
  throw new InvalidOptionError(
    "query.prefix",
    prefix,
    `text of at most ${MAX_NAME_LENGTH} characters`,
  );
}

function checkQueryMeta(meta: unknown): void {
  if (!isPlain(meta)) throw new InvalidOptionError("query.meta", meta, "a plain object");
  for (const [key, value] of Object.entries(meta)) {
    const good = typeof value === "string" || typeof value === "boolean" ||
      (typeof value === "number" && !Number.isNaN(value));
    if (good) continue;
    throw new InvalidOptionError(`query.meta.${key}`, value, "text, a number or a boolean");
  }
}

/** @throws InvalidOptionError unless `limit` is a whole number from 1, or Infinity */
export function checkLimit(limit: unknown): asserts limit is number {
  if (limit === Infinity || (Number.isInteger(limit) && (limit as number) >= 1)) return;
  throw new InvalidOptionError("limit", limit, "a whole number from 1, or Infinity");
}

/** @throws InvalidOptionError unless `timeout` is a number of milliseconds above 0 */
export function checkTimeout(timeout: unknown): asserts timeout is number {
  if (typeof timeout === "number" && timeout > 0) return;
  throw new InvalidOptionError("timeout", timeout, "milliseconds above 0, or Infinity");
}

/** @throws InvalidOptionError naming `field` unless `value` is a function */
export function checkFunction(value: unknown, field: string): void {
  if (typeof value !== "function") throw new InvalidOptionError(field, value, "a function");
}

export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
