import process from "node:process";
import type { MessagePort } from "node:worker_threads";
import type { Cell } from "../../actor/cell.ts";
import { fromModule } from "../../actor/mod.ts";
import type { ActorNode } from "../../actor/node.ts";
import type { RegistryClient } from "../../registry/mod.ts";
import type { ThreadHost } from "./host.ts";
import type { ActorInfo, KernelProtocol, NodeInfo } from "./wire.ts";

/** The kernel methods that every thread has, the main one included. */
export function kernelMethods(
  node: ActorNode,
  host: ThreadHost,
  names: RegistryClient,
): KernelProtocol {
  return {
    spawn: ({ source, args, options, parent }) =>
      node.spawnHere(fromModule(source.url, source.export), args, options, parent),
    link: (to, port) => host.link(to, port as MessagePort),
    nodeDown(down, reason) {
      names.nodeDown(down);
      void host.nodeDown(down, reason);
    },
    registryIs: (id) => names.registryIs(id),
    registryNews: (watch, news) => names.news(watch, news),
    registryChanged: (name) => names.changed(name),
    registryClaim: (name, id, meta) => names.claim(name, id, meta),
    registryRaise: (record) => names.raise(record),
    inspect: () => inspectNode(node, host),
  };
}

function inspectNode(node: ActorNode, host: ThreadHost): NodeInfo {
  const now = host.clock.now();
  return {
    node: node.id,
    actors: node.cells.map((cell) => inspectCell(cell, node, now)),
    pendingAsks: node.pending,
    links: host.links,
    heapUsed: process.memoryUsage().heapUsed,
  };
}

function inspectCell(cell: Cell, node: ActorNode, now: number): ActorInfo {
  const { current, state } = cell;
  return {
    id: cell.id,
    name: cell.name,
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
