import * as actorErrors from "./errors.ts";
import { DiskError } from "./disk.ts";

type ErrorClass =
  & { readonly prototype: Error; readonly name: string }
  // deno-lint-ignore no-explicit-any
  & (abstract new (...args: any[]) => Error);

const classes = new Map<string, ErrorClass>();

/**
 * Names error classes to the codec: an error of such a class that comes from another thread is an instance of it
 * here, too. Errors of other classes arrive as plain `Error`s with their name, code, cause and own fields.
 * Call it where the class is defined, so that every thread that uses the class has done it.
 */
export function reviveError(...types: readonly ErrorClass[]): void {
  for (const type of types) classes.set(type.name, type);
}

reviveError(Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError);
reviveError(AggregateError, DiskError);
for (const exported of Object.values(actorErrors)) {
  if (typeof exported === "function" && exported.prototype instanceof Error) {
    reviveError(exported as unknown as ErrorClass);
  }
}

/** Encodes one field; undefined leaves it out. */
type EncodeField = (field: unknown, name: string) => { readonly value: unknown } | undefined;

/** The fields of an error as structured clone can carry them: class, name, message, stack, cause, errors and own fields. */
export function encodeError(error: Error, encodeField: EncodeField): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const key of Object.getOwnPropertyNames(error)) {
    if (key === "message" || key === "stack" || key === "name") continue;
    const encoded = encodeField((error as unknown as Record<string, unknown>)[key], `.${key}`);
    if (encoded !== undefined) fields[key] = encoded.value;
  }
  return {
    class: error.constructor?.name ?? "Error",
    name: String(error.name),
    message: String(error.message),
    stack: typeof error.stack === "string" ? error.stack : undefined,
    fields,
  };
}

/** The error that {@linkcode encodeError} took apart. */
export function decodeError(
  tagged: { readonly [field: string]: unknown },
  keep: <T>(result: T) => T,
  part: (inner: unknown) => unknown,
): Error {
  const error = keep(new Error(tagged["message"] as string));
  const type = classes.get(tagged["class"] as string);
  if (type !== undefined && type !== Error) Object.setPrototypeOf(error, type.prototype);
  hide(error, "stack", tagged["stack"]);
  if (error.name !== tagged["name"]) hide(error, "name", tagged["name"]);
  const fields = tagged["fields"] as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    const value = part(fields[key]);
    if (key === "cause" || key === "errors") hide(error, key, value);
    else (error as unknown as Record<string, unknown>)[key] = value;
  }
  return error;
}

/** Sets a property as the engine does for errors: not enumerable. */
function hide(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, {
    value,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}
