import type { Cell } from "../../actor/cell.ts";
import { fromModule } from "../../actor/mod.ts";
import type { ActorNode } from "../../actor/node.ts";
import type { MainHost } from "./ground.ts";
import type { RegistryClient } from "../../registry/mod.ts";
import { registryListener } from "../../registry/mod.ts";
import { heapState } from "./platform.ts";
import type { ActorInfo, KernelProtocol, NodeInfo } from "./wire.ts";

/** What a kernel needs of its host. */
export type KernelHost = Pick<MainHost, "clock" | "links" | "link" | "disturbed" | "nodeDown">;

/** The kernel methods that every thread has, the main one included. */
export function kernelMethods(
  node: ActorNode,
  host: KernelHost,
  names: RegistryClient,
): KernelProtocol {
  names.attach((id) => {
    const state = node.cell(id)?.state;
    return state !== undefined && state !== "dead";
  });
  return {
    spawn: ({ source, args, options, bonds, spent }) =>
      node.spawnHere(fromModule(source.url, source.export), args, options, bonds, spent),
    link: (to, port, place) => host.link(to, port, place),
    disturbed: () => host.disturbed(),
    nodeDown(down, reason, goneSince) {
      names.nodeDown(down, reason);
      void host.nodeDown(down, reason, goneSince);
    },
    ...registryListener(names),
    inspect: () => inspectNode(node, host),
  };
}

function inspectNode(node: ActorNode, host: KernelHost): NodeInfo {
  const now = host.clock.now();
  return {
    node: node.id,
    actors: node.cells.map((cell) => inspectCell(cell, node, now)),
    pendingAsks: node.pending,
    untimedAsks: untimedAsks(node),
    held: node.held,
    links: host.links,
    heapUsed: heapState().used,
  };
}

function untimedAsks({ asking }: ActorNode): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { timeout, method } of asking) {
    if (timeout === Infinity) counts[method] = (counts[method] ?? 0) + 1;
  }
  return counts;
}

function inspectCell(cell: Cell, node: ActorNode, now: number): ActorInfo {
  const { current, state } = cell;
  return {
    id: cell.id,
    name: cell.name,
    parent: cell.parent,
    kind: cell.kind,
    node: node.id,
    state: state === "running"
      ? (cell.busy ? "busy" : "idle")
      : state === "dead"
      ? "stopping"
      : state,
    mailbox: cell.mailbox,
    handled: cell.handled,
    failed: cell.failed,
    current: current && { method: current.method, sinceMs: now - cell.currentSince },
    ageMs: now - cell.startedAt,
  };
}
