import type { Cell } from "../../actor/cell.ts";
import type { ActorNode } from "../../actor/node.ts";
import type { Machine } from "./machine.ts";

/** What each actor on `machines` waits for, one line each; those in the middle of something first. */
export function waitsOf(machines: readonly Machine[]): string[] {
  const lines = machines.flatMap((machine) => linesOf(machine));
  return [...lines.filter(({ idle }) => !idle), ...lines.filter(({ idle }) => idle)]
    .map(({ text }) => text);
}

interface Line {
  readonly idle: boolean;
  readonly text: string;
}

function linesOf(machine: Machine): Line[] {
  const { place, heldSince, actors } = machine;
  const lines: Line[] = [];
  if (heldSince !== undefined) {
    lines.push({ idle: false, text: `${place} hangs since ${heldSince} ms` });
  }
  if (actors === undefined) return [...lines, { idle: false, text: `${place} has not come up` }];
  for (const cell of actors.cells) lines.push(...linesOfCell(cell, actors));
  return lines;
}

function linesOfCell(cell: Cell, node: ActorNode): Line[] {
  const who = cell.name === undefined ? cell.id : `${cell.name} (${cell.id})`;
  const behind = cell.mailbox.size === 0 ? "" : `; ${cell.mailbox.size} messages wait for it`;
  const asks = [...node.asking].filter(({ by }) => by === cell.id);
  if (asks.length > 0) {
    return asks.map(({ to, method }) => ({
      idle: false,
      text: `${who} waits for the answer to "${method}" of ${to}${behind}`,
    }));
  }
  if (cell.state === "starting") return [{ idle: false, text: `${who} has not started${behind}` }];
  if (!cell.busy) return [{ idle: true, text: `${who} waits for a message` }];
  const method = cell.current?.method ?? "a callback";
  const since = node.host.clock.now() - cell.currentSince;
  return [{ idle: false, text: `${who} waits in "${method}" for ${since} ms now${behind}` }];
}
