import { BadMessageError, BadNameError, TooManyError } from "./errors.ts";
import { safeName } from "./safe_name.ts";

const FILE_ID = /^[0-9a-f]{64}$/;

/**
 * The fields of a message of another peer. Everything below throws `BadMessageError` with the place, the value
 * and what was expected, and changes nothing.
 *
 * @param known the fields that may occur; any other is refused
 */
export function fieldsOf(
  value: unknown,
  where: string,
  known: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new BadMessageError(where, value, "an object");
  }
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) {
      throw new BadMessageError(where, key, `only the fields ${known.join(", ")}`);
    }
  }
  return value as Record<string, unknown>;
}

/** A whole number from `min` to `max`, both included. */
export function wholeNumber(value: unknown, where: string, min: number, max: number): number {
  if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max) {
    throw new BadMessageError(where, value, `a whole number from ${min} to ${max}`);
  }
  // -0 is a whole number, too, and would be another key.
  return value as number + 0;
}

/** A list of `max` entries at most. */
export function listOf(value: unknown, where: string, max: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new BadMessageError(where, value, "a list");
  if (value.length > max) throw new TooManyError(`Entries in ${where}`, value.length, max);
  return value;
}

/** 64 lower-case hexadecimal digits. */
export function validFileId(value: unknown, where = "file id"): string {
  if (typeof value !== "string" || !FILE_ID.test(value)) {
    throw new BadMessageError(where, value, "64 lower-case hexadecimal digits");
  }
  return value;
}

/** The id of a peer: what would be safe as one part of a path. */
export function validPeerId(value: unknown, where = "peer id"): string {
  if (typeof value !== "string" || value.includes("/") || value.length > 128) {
    throw new BadMessageError(where, value, "a text of 1 to 128 characters without /");
  }
  return validName(value, where);
}

/** A safe relative name, see `whyUnsafe`. */
export function validName(value: unknown, where: string): string {
  try {
    return safeName(value);
  } catch (error) {
    if (!(error instanceof BadNameError)) throw error;
    throw new BadMessageError(where, value, `a safe name (${error.why})`);
  }
}
