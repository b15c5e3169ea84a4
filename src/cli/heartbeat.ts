import type { CommandContext } from "./commands/command.ts";

/** Ms between two lines. */
const EVERY = 10_000;

/**
 * Tells `text` now and then while something takes long, on a build service (`CI`): nothing is drawn there, and what says nothing is taken
 * for dead.
 */
export function heartbeat(
  { io, quiet }: Pick<CommandContext, "io" | "quiet">,
  text: () => string,
): Disposable {
  const timer = io.env["CI"] && !quiet
    ? setInterval(() => void io.stderr.write(`${text()}\n`), EVERY)
    : undefined;
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
