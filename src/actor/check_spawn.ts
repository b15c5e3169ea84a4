import { InvalidOptionError } from "./errors.ts";
import type { SpawnOptions } from "./options.ts";

/**
 * The smallest `heap.oldMb`. Node 24 and Deno cannot restore their snapshot into a much smaller heap, and abort the
 * process rather than the thread.
 */
const LEAST_OLD_MB = 16;

/**
 * Looks at the options of a spawn that need no thread to be refused.
 *
 * @param field names an option in the error; a supervisor says whose it is
 * @throws InvalidOptionError naming the option and its value
 */
export function checkSpawnOptions(
  options: SpawnOptions,
  field: (name: string) => string = (name) => name,
): void {
  const { heap, killUnresponsive, placement = "local" } = options;
  if (heap !== undefined) checkHeap(heap, placement, field);
  if (killUnresponsive === undefined) return;
  if (typeof killUnresponsive !== "boolean") {
    throw new InvalidOptionError(field("killUnresponsive"), killUnresponsive, "true or false");
  }
  if (killUnresponsive && placement === "local") {
    throw new InvalidOptionError(
      field("killUnresponsive"),
      killUnresponsive,
      'false where placement is "local": only a thread can be ended',
    );
  }
}

function checkHeap(
  heap: unknown,
  placement: SpawnOptions["placement"],
  field: (name: string) => string,
): void {
  if (typeof heap !== "object" || heap === null) {
    throw new InvalidOptionError(field("heap"), heap, "{ oldMb?, youngMb? }");
  }
  for (const [key, value] of Object.entries(heap)) {
    // A stack limit is none of them: Deno ends the whole process when a small one is reached.
    if (key !== "oldMb" && key !== "youngMb") {
      throw new InvalidOptionError(field("a key of heap"), key, "oldMb or youngMb");
    }
    const least = key === "oldMb" ? LEAST_OLD_MB : 1;
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= least)) {
      throw new InvalidOptionError(
        field(`heap.${key}`),
        value,
        `a whole number of MiB from ${least}`,
      );
    }
  }
  if (placement !== "thread") {
    throw new InvalidOptionError(field("heap"), heap, 'none where placement is not "thread"');
  }
}
