import { InvalidOptionError } from "../../actor/mod.ts";
import type { Params } from "./messages.ts";

// What comes over a socket may be anything; these say what was expected instead.

/** A text. @throws InvalidOptionError */
export function text(params: Params, key: string): string {
  const value = params[key];
  if (typeof value === "string") return value;
  throw new InvalidOptionError(key, value, "a text");
}

/** A text, or undefined. @throws InvalidOptionError */
export function optionalText(params: Params, key: string): string | undefined {
  return params[key] === undefined ? undefined : text(params, key);
}

/** A number that is not negative, or undefined. @throws InvalidOptionError */
export function optionalNumber(params: Params, key: string): number | undefined {
  const value = params[key];
  if (value === undefined || (typeof value === "number" && value >= 0)) return value;
  throw new InvalidOptionError(key, value, "a number that is not negative");
}

/** True or false; false if it is left out. @throws InvalidOptionError */
export function flag(params: Params, key: string): boolean {
  const value = params[key] ?? false;
  if (typeof value === "boolean") return value;
  throw new InvalidOptionError(key, value, "true or false");
}

/** Texts; none if it is left out. @throws InvalidOptionError */
export function texts(params: Params, key: string): string[] {
  const value = params[key] ?? [];
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value;
  throw new InvalidOptionError(key, value, "a list of texts");
}

/** Groups of texts. @throws InvalidOptionError */
export function groups(params: Params, key: string): string[][] {
  const value = params[key];
  const isGroup = (one: unknown): boolean =>
    Array.isArray(one) && one.every((member) => typeof member === "string");
  if (Array.isArray(value) && value.every(isGroup)) return value;
  throw new InvalidOptionError(key, value, "a list of lists of texts");
}
