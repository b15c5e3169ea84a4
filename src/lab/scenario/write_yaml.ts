import type { Schedule } from "./schedule.ts";
import { toFile } from "./to_file.ts";

/** Columns after which a line is broken. */
const WIDTH = 110;

/**
 * A schedule as a scenario file that `troupe run` accepts, and `parseScenario` reads as the same schedule.
 *
 * @param comment lines for the top, as which run it comes from
 *
 * @example
 * ```ts
 * await writeFile("smallest.yaml", await writeYaml(schedule, ["Shrunk from seed 42."]));
 * ```
 */
export async function writeYaml(
  schedule: Schedule,
  comment: readonly string[] = [],
): Promise<string> {
  const { Document, isCollection, visit } = await import("yaml");
  const document = new Document(toFile(schedule));
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
