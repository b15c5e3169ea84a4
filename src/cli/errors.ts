import { TroupeError } from "../actor/mod.ts";
import { EXIT } from "./exit_codes.ts";
import { printable } from "./text/printable.ts";

/** Options of the errors that a person can do something about. */
export interface HintOptions extends ErrorOptions {
  /** What to do about it, as a sentence. */
  readonly hint?: string;
}

/** The command line is wrong. The message names the value and says what was expected. */
export class UsageError extends TroupeError {
  readonly code = "usage";
  readonly hint: string | undefined;

  constructor(message: string, options: HintOptions = {}) {
    super(message, options);
    this.hint = options.hint;
  }
}

/** A command of the console could not do what it was asked. */
export class ConsoleError extends TroupeError {
  readonly code = "console";
  readonly hint: string | undefined;

  constructor(message: string, options: HintOptions = {}) {
    super(message, options);
    this.hint = options.hint;
  }
}

/** Why a command ends before its time: a signal, or nobody reads its output any more. */
export class Interrupted extends TroupeError {
  readonly code = "interrupted";
  readonly exitCode: number;

  constructor(what: string, exitCode: number) {
    super(`Ended by ${what}`);
    this.exitCode = exitCode;
  }
}

/** Codes of errors that what the person gave us is at fault for. */
const WRONG: ReadonlySet<string> = new Set([
  "usage",
  "invalid_option",
  "scenario",
  "refused_fault",
]);

/** The code that a command which failed with `error` ends with. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return error.exitCode;
  const code = codeOf(error);
  if (code !== undefined && WRONG.has(code)) return EXIT.usage;
  if (code !== undefined && /^E[A-Z]{2,}$/.test(code)) return EXIT.usage;
  return error instanceof TroupeError ? EXIT.failed : EXIT.internal;
}

/** `error` as one line for the person at the terminal. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return printable(text.replace(/\s*\n\s*/g, " "));
}

/** What to do about `error`, if it says so. */
export function hintOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("hint" in error)) return undefined;
  return typeof error.hint === "string" ? error.hint : undefined;
}

/** The stable code of an error of ours or of the system (`ENOENT`), if it has one. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
