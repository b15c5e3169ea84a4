import type { Disk } from "../actor/mod.ts";
import { firstRecord } from "../election/mod.ts";
import type { PeerArgs } from "./args.ts";
import { StateFile } from "./state_file.ts";

/**
 * Makes a peer that never ran: writes its first durable record, unless it has one. Done once, by who creates the peer; a record that
 * is missing later was lost, and its peer may not vote any more (reference `election.md` §1.6).
 */
export async function provision(
  disk: Disk,
  args: Pick<PeerArgs, "id" | "electorate" | "state">,
): Promise<void> {
  const file = new StateFile(disk, args.state);
  const { disk: found } = await file.read(args.id);
  if (found.kind === "missing") await file.create(firstRecord(args.electorate), args.id);
}
