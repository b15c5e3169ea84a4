import { availableParallelism, cpus } from "node:os";
import process from "node:process";
import { RUNTIME, RUNTIME_VERSION } from "../src/actor.ts";
import type { Row, Unit } from "./section.ts";
import { median } from "./statistics.ts";

const HEADINGS = ["", "value", "reference", "", "ratio", "spread", "aim"];
/** Columns of numbers, which line up at their right end. */
const RIGHT: readonly boolean[] = [false, true, true, false, true, false, false];

/** The machine and the runtime, in one line. */
export function machineLine(): string {
  const model = cpus()[0]?.model.trim();
  const cores = `${availableParallelism()} cores${model ? ` (${model})` : ""}`;
  const name = RUNTIME === "deno" ? "Deno" : "Node";
  return `${cores}, ${process.platform} ${process.arch}, ${name} ${RUNTIME_VERSION}`;
}

/** `rows` as lines with aligned columns. */
export function table(rows: readonly Row[]): string[] {
  const cells = [HEADINGS, ...rows.map(cellsOf)];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...cells.map((line) => line[column]?.length ?? 0))
  );
  return cells.map((line) =>
    line.map((cell, column) =>
      RIGHT[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)
    ).join("  ").trimEnd()
  );
}

/** Lines of cells with aligned columns, all but the second at their right end. */
export function columns(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0))
  );
  return lines.map((line) =>
    line.map((cell, column) =>
      column === 1 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
    ).join("  ").trimEnd()
  );
}

function cellsOf(row: Row): string[] {
  const { reference, ratios = [], samples = [] } = row;
  return [
    row.name,
    show(row.value, row.unit),
    reference === undefined ? "" : show(reference.value, row.unit),
    reference?.name ?? "",
    ratios.length > 0 ? `${digits(median(ratios))} x` : "",
    ratios.length > 1 ? range(ratios, digits) : range(samples, (value) => show(value, row.unit)),
    row.aim ?? "",
  ];
}

function range(values: readonly number[], form: (value: number) => string): string {
  if (values.length < 2) return "";
  return `${form(Math.min(...values))} to ${form(Math.max(...values))}`;
}

function show(value: number, unit: Unit): string {
  switch (unit) {
    case "/s":
      return value >= 1e6 ? `${digits(value / 1e6)} M/s` : `${digits(value / 1e3)} k/s`;
    case "B/s":
      return `${digits(value / 1e6)} MB/s`;
    case "B":
      return `${digits(value / 2 ** 20)} MiB`;
    case "ms":
      return `${digits(value)} ms`;
    case "":
      return digits(value);
  }
}

/** Three digits that count. */
function digits(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
