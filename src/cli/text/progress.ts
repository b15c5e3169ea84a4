import type { Downloaded, TransferStatus } from "../../cluster/api.ts";
import { formatBytes } from "./bytes.ts";
import { formatDuration } from "./duration.ts";
import { printable } from "./printable.ts";
import { fit, padEnd, padStart } from "./width.ts";

const BAR_WIDTH = 20;
/** Bytes of a file whose download takes long enough to be watched. */
export const WORTH_WATCHING: number = 1024 * 1024;

/** `report.pdf  #############.......  64%  912 KiB  4.1 MiB/s  eta 1s  from peer-2` */
export function progressBar(transfer: TransferStatus, nameWidth = 16): string {
  const share = shareOf(transfer);
  const filled = Math.floor(share * BAR_WIDTH);
  const bar = "#".repeat(filled) + ".".repeat(BAR_WIDTH - filled);
  const name = padEnd(fit(printable(transfer.name), nameWidth), nameWidth);
  return [name, bar, padStart(percent(share), 4), ...figures(transfer)].join("  ");
}

/** The same for a pipe, where it stays: `report.pdf  64%  912 KiB of 1.4 MiB  4.1 MiB/s  from peer-2` */
export function progressLine(transfer: TransferStatus): string {
  const { name, done, size, rate, holders } = transfer;
  const amount = `${formatBytes(done)} of ${formatBytes(size)}`;
  return [
    printable(name),
    percent(shareOf(transfer)),
    amount,
    ...(rate > 0 ? [`${formatBytes(rate)}/s`] : []),
    ...from(holders),
  ].join("  ");
}

/** `96.0 MiB in 210 ms (457 MiB/s)`; no rate for what is too small to have one. */
export function speedText({ size, ms }: Pick<Downloaded, "size" | "ms">): string {
  const rate = ms > 0 && size >= WORTH_WATCHING ? ` (${formatBytes(size / (ms / 1_000))}/s)` : "";
  return `${formatBytes(size)} in ${formatDuration(ms)}${rate}`;
}

/** How much is done, from 0 to 1; an empty file is done. */
export function shareOf({ done, size }: TransferStatus): number {
  return size === 0 ? 1 : Math.min(1, done / size);
}

function figures({ done, size, rate, holders }: TransferStatus): string[] {
  const left = size - done;
  return [
    padStart(formatBytes(done), 8),
    ...(rate > 0 ? [`${formatBytes(rate)}/s`] : []),
    ...(rate > 0 && left > 0 ? [`eta ${etaText(left / rate)}`] : []),
    ...from(holders),
  ];
}

/** Whole seconds: anything finer flickers. */
function etaText(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole}s` : formatDuration(whole * 1_000);
}

function from(holders: readonly string[]): string[] {
  return holders.length === 0 ? [] : [`from ${holders.join(", ")}`];
}

/** 100% only when all is done. */
function percent(share: number): string {
  return `${Math.floor(share * 100)}%`;
}
