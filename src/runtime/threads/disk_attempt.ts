import { DiskError } from "../../actor/mod.ts";

/** Runs `work`; whatever it throws becomes a rejection with a {@linkcode DiskError}. */
export async function attempt<T>(
  operation: string,
  path: string,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw diskError(error, operation, path);
  }
}

function diskError(error: unknown, operation: string, path: string): DiskError {
  if (error instanceof DiskError) return error;
  return new DiskError(systemCode(error), operation, path, { cause: error });
}

function systemCode(error: unknown): string {
  if (!(error instanceof Error)) return "EIO";
  const code = "code" in error ? error.code : undefined;
  if (typeof code === "string" && /^E(?!RR_)[A-Z0-9]+$/.test(code)) return code;
  // Deno's answer where a permission was not granted.
  if (error.name === "NotCapable") return "EACCES";
  // A NUL in a path, a detached buffer: refused by the runtime before the system was asked.
  return error instanceof TypeError || error instanceof RangeError ? "EINVAL" : "EIO";
}

/** Whether `error` is one of the system's with one of `codes`. */
export function isCode(error: unknown, codes: readonly string[]): boolean {
  return codes.includes(systemCode(error));
}
