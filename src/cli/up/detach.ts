import { randomInt } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CommandContext } from "../commands/command.ts";
import { claimFolder, controlFolder } from "../control/place.ts";
import { freeName, nameOf } from "../control/names.ts";
import { RemoteError } from "../control/errors.ts";
import { isRecord } from "../control/messages.ts";
import { checkName } from "../control/open.ts";
import { socketNames } from "../control/running.ts";
import { ConsoleError } from "../errors.ts";
import type { UpOptions } from "./options.ts";
import { backgroundArguments } from "./options.ts";

/** A cluster in the background. */
export interface Detached {
  readonly name: string;
  readonly pid: number;
  readonly seed: string;
  readonly folder: string;
  readonly peers: readonly string[];
  /** Where it writes what it would tell. */
  readonly log: string;
}

/** Starts a cluster that outlives this process; settles when its peers are up. */
export async function detach(
  options: UpOptions,
  { io, signal }: CommandContext,
): Promise<Detached> {
  const { env } = io;
  const folder = controlFolder(env);
  claimFolder(folder);
  const seed = options.seed ?? String(randomInt(2 ** 32));
  const name = options.name ?? freeName(nameOf(seed), new Set(socketNames(env)));
  await checkName(env, name);
  const log = join(folder, `${name}.log`);
  const started = await io.launch(backgroundArguments({ ...options, seed, name }), log, signal);
  if (started.firstLine === undefined) throw await whyNot(log, started.exitCode);
  const { pid, folder: run, peers } = JSON.parse(started.firstLine) as Detached;
  return { name, pid, seed, folder: run, peers, log };
}

/** What a cluster that did not start has told last. */
async function whyNot(log: string, exitCode: number | undefined): Promise<Error> {
  const last = (await readFile(log, "utf8")).trim().split("\n").at(-1) ?? "";
  try {
    const told: unknown = JSON.parse(last);
    const error = isRecord(told) ? told["error"] : undefined;
    if (isRecord(error) && typeof error["message"] === "string") {
      const [code, hint] = [error["code"], error["hint"]].map((value) =>
        typeof value === "string" ? value : undefined
      );
      return new RemoteError({ code: 0, message: error["message"], data: { code, hint } });
    }
  } catch {
    // It is no error of ours: shown as it is.
  }
  return new ConsoleError(
    `The cluster ended with exit code ${exitCode ?? "unknown"} before its peers were up: ${last}`,
    { hint: `All it wrote is in ${log}.` },
  );
}
