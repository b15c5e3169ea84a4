import type { Breaking } from "../breaking/breaking.ts";
import type { ShownCluster } from "../control/shown_cluster.ts";
import type { CommandContext } from "../commands/command.ts";
import { errorText } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import type { LiveRegion } from "../live_region.ts";
import { abortOf } from "../waiting.ts";
import { runInteractive } from "./interactive.ts";
import { History } from "./history.ts";
import type { Interest } from "./notices.ts";
import { notice } from "./notices.ts";
import { scriptOutput } from "./script_output.ts";
import { runScript } from "./scripted.ts";
import type { Guest } from "./session.ts";
import { Session } from "./session.ts";
import { catalogueSettled } from "./settled.ts";

/** Where a console is opened. */
export interface ConsolePlace {
  readonly cluster: ShownCluster;
  readonly breaking: Breaking;
  readonly region: LiveRegion;
  readonly context: CommandContext;
  /** Aborted when the console must end. */
  readonly ends: AbortSignal;
  /** Set where the cluster lives in another process: its name, and the peer that the console is for. */
  readonly guest?: Guest;
}

/** A console for a person; returns its exit code when it is left. */
export async function consoleAtTerminal(place: ConsolePlace): Promise<number> {
  const { cluster, breaking, region, context, ends, guest } = place;
  const { io, out } = context;
  const session = new Session({
    cluster,
    breaking,
    guest,
    region,
    style: out,
    background: true,
    history: new History(io.env),
    print: (text) => region.log(text),
    complain: (text) => region.log(out.red(text)),
  });
  using _notices = watch(place, () => session);
  const end = await runInteractive(session, io, ends);
  if (end === "interrupt" && guest === undefined) context.interrupt();
  if (end !== "quit" && end !== "signal" && !context.quiet) region.log(farewell(guest));
  if (end === "signal" && guest === undefined && !context.quiet) region.log(farewell(guest));
  return EXIT.ok;
}

function farewell(guest: Guest | undefined): string {
  return guest === undefined ? "stopping the cluster" : `detached; ${guest.cluster} runs on`;
}

/** Runs the lines of a script; `ending`: the end of the input ends it, otherwise it waits for the end of the place. */
export async function consoleOnPipe(place: ConsolePlace, ending: boolean): Promise<number> {
  const { cluster, breaking, region, context, ends, guest } = place;
  const { io, out } = context;
  const output = scriptOutput(context);
  const session = new Session({
    cluster,
    breaking,
    guest,
    region,
    style: out,
    background: false,
    print: output.print,
    complain: output.complain,
  });
  using _notices = watch(place, () => session);
  const ready = await settled(session, ends);
  const end = await runScript(session, io.stdin, ends, output.ran);
  if (!end.quit && !ending) await abortOf(ends);
  return ready && end.failed === 0 ? EXIT.ok : EXIT.failed;
}

/** Shows what happens until the end of the place. */
export async function withoutConsole(place: ConsolePlace): Promise<number> {
  using _notices = watch(place, () => ({ peer: "", noticeLevel: "headline" }));
  await abortOf(place.ends);
  return EXIT.ok;
}

/** Whether there is a tracker that knows all files. The commands run in any case: a script may be about a cluster that cannot elect. */
async function settled(session: Session, ends: AbortSignal): Promise<boolean> {
  try {
    await session.cluster.tracker({ signal: ends });
    await catalogueSettled(session.cluster, ends);
    return true;
  } catch (error) {
    if (!ends.aborted) session.complain(errorText(error));
    return ends.aborted;
  }
}

function watch({ cluster, region, context }: ConsolePlace, interest: () => Interest): Disposable {
  if (context.quiet) return { [Symbol.dispose]: () => {} };
  const style = region.live ? context.out : context.err;
  return cluster.on("*", (event) => {
    const line = notice(event, interest(), new Date(), style);
    if (line !== undefined) region.log(line);
  });
}
