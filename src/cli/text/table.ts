import { padEnd, padStart, widthOf } from "./width.ts";

/** A column of {@linkcode formatTable}. */
export interface Column {
  readonly title: string;
  /** Numbers are easier to compare with their ends aligned. */
  readonly align?: "left" | "right";
}

/**
 * Rows under upper-case titles, two spaces between columns, no borders: what `grep`, `awk` and people read alike.
 * Ends without a line feed.
 */
export function formatTable(
  columns: readonly (Column | string)[],
  rows: readonly (readonly string[])[],
): string {
  const heads = columns.map((column) => typeof column === "string" ? { title: column } : column);
  const titles = heads.map((head) => head.title.toUpperCase());
  const lines = [titles, ...rows];
  const widths = heads.map((_, index) =>
    Math.max(...lines.map((line) => widthOf(line[index] ?? "")))
  );
  return lines.map((line) =>
    heads.map((head, index) => {
      const [cell, width] = [line[index] ?? "", widths[index] ?? 0];
      return head.align === "right" ? padStart(cell, width) : padEnd(cell, width);
    }).join("  ").trimEnd()
  ).join("\n");
}
