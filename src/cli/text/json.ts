import { codeOf, errorText, hintOf } from "../errors.ts";

/** Version of the form of everything that `--json` prints; written down in docs/cli.md. */
export const JSON_VERSION = 1;

/** `value` as one line for a program, its version in front. Errors in it become their class, code and message. */
export function jsonLine(value: object): string {
  return `${JSON.stringify({ v: JSON_VERSION, ...value }, plain)}\n`;
}

/** What went wrong, as one line for a program. */
export function errorLine(error: unknown): string {
  const [code, hint] = [codeOf(error) ?? "internal", hintOf(error)];
  return jsonLine({
    error: { code, message: errorText(error), ...(hint !== undefined && { hint }) },
  });
}

function plain(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return { name: value.name, code: codeOf(value), message: value.message };
}
