import type { Schedule } from "./schedule.ts";
import { toFile } from "./to_file.ts";

/** How a scenario file is written. */
export interface WriteOptions {
  /** Lines for the top, as which run it comes from. */
  readonly comment?: readonly string[];
  /** With which it is run in simulation unless told otherwise, a whole number from 0. */
  readonly seed?: number;
}

/** Columns after which a line is broken: none, since a fault is a line, however long. */
const WIDTH = 0;

/**
 * A schedule as a scenario file that `troupe run` accepts, and `parseScenario` reads as the same schedule.
 *
 * @example
 * ```ts
 * await writeFile("smallest.yaml", await writeYaml(schedule, { comment: ["Shrunk from seed 42."], seed: 7 }));
 * ```
 */
export async function writeYaml(
  schedule: Schedule,
  { comment = [], seed }: WriteOptions = {},
): Promise<string> {
  const { Document, isCollection, visit } = await import("yaml");
  const document = new Document(toFile(schedule, seed));
  // A fault a line, as people write them.
  visit(document, {
    Seq(_key, sequence) {
      for (const item of sequence.items) if (isCollection(item)) item.flow = true;
    },
    Pair(_key, pair) {
      if (isCollection(pair.value) && ["timers", "files"].includes(String(pair.key))) {
        pair.value.flow = true;
      }
    },
  });
  if (comment.length > 0) document.commentBefore = comment.map((line) => ` ${line}`).join("\n");
  return document.toString({ lineWidth: WIDTH, flowCollectionPadding: true });
}
