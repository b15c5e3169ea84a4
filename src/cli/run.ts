/**
 * The command line: parses, calls, prints. What there is to decide is decided elsewhere.
 *
 * @module
 */
import { CommanderError } from "commander";
import { errorText, exitCodeOf, hintOf, Interrupted } from "./errors.ts";
import { EXIT } from "./exit_codes.ts";
import type { Io, Stop } from "./io.ts";
import { problemsText } from "./lab/problems.ts";
import { ScenarioError } from "../lab/scenario/problem.ts";
import { makeProgram, wantsJson } from "./program.ts";
import { errorLine } from "./text/json.ts";

const STOP_CODES: Readonly<Record<Stop, number>> = {
  SIGINT: EXIT.interrupted,
  SIGTERM: EXIT.terminated,
  // Whoever closed the pipe has seen enough, as `head` does: no failure.
  EPIPE: EXIT.ok,
};

/**
 * Runs `troupe` with `argv` (without the program's own name) and gives its exit code. Rejects never.
 *
 * The first request to stop lets the command close what it opened, the second ends the process.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const controller = new AbortController();
  const stopped = (stop: Stop): void => {
    if (controller.signal.aborted && stop !== "EPIPE") return io.exit(STOP_CODES[stop]);
    controller.abort(new Interrupted(stop, STOP_CODES[stop]));
  };
  using _stops = io.onStop(stopped);
  const stopping = { signal: controller.signal, interrupt: () => stopped("SIGINT") };
  const json = wantsJson(argv);
  let exitCode: number = EXIT.ok;
  try {
    const running = { json, ran: (code: number) => exitCode = code };
    await makeProgram(io, stopping, running).parseAsync([...argv], { from: "user" });
  } catch (error) {
    exitCode = report(error, io, { aborted: controller.signal.aborted, json });
  }
  const { aborted, reason } = controller.signal;
  return aborted && reason instanceof Interrupted ? reason.exitCode : exitCode;
}

/** Tells the person what went wrong; gives the exit code for it. */
function report(
  error: unknown,
  io: Io,
  { aborted, json }: { readonly aborted: boolean; readonly json: boolean },
): number {
  // commander has printed its message already; help and version are no failures.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const code = exitCodeOf(error);
  if (aborted) return code;
  if (json) {
    io.stderr.write(errorLine(error));
    return code;
  }
  if (error instanceof ScenarioError) {
    io.stderr.write(problemsText(error.problems));
    return code;
  }
  const hint = hintOf(error);
  io.stderr.write(`error: ${errorText(error)}\n${hint === undefined ? "" : `  ${hint}\n`}`);
  if (code === EXIT.internal) {
    io.stderr.write("This is a fault of troupe itself, not of what you typed.\n");
    if (error instanceof Error && error.stack !== undefined) io.stderr.write(`${error.stack}\n`);
  }
  return code;
}
