// A reporter for node:test that ends the process at the first test that fails. Prints one line of JSON.
import { writeSync } from "node:fs";

/**
 * @param {AsyncIterable<{ type: string, data: any }>} events
 * @returns {AsyncGenerator<string>}
 */
export default async function* firstFailure(events) {
  let passed = 0;
  for await (const { type, data } of events) {
    if (type === "test:pass" && data.details.type !== "suite") passed++;
    if (type !== "test:fail") continue;
    const error = data.details.error?.cause ?? data.details.error;
    const failed = { file: data.file, name: data.name, error: String(error?.name ?? error) };
    writeSync(1, `${JSON.stringify({ failed })}\n`);
    process.exit(1);
  }
  yield `${JSON.stringify({ passed })}\n`;
}
