import type { Config } from "./config.ts";
import { crc32 } from "./crc32.ts";
import type { DurableRecord } from "./durable.ts";
import type { PeerId } from "./identity.ts";

/** What a read of the disk found. Only `ok` lets a peer vote. */
export type RecordRead =
  | { readonly kind: "ok"; readonly record: DurableRecord }
  /** Nothing is there. */
  | { readonly kind: "missing" }
  /** Half a write, flipped bits, or something else altogether. */
  | { readonly kind: "torn"; readonly why: string }
  /** Whole, but of another peer. */
  | { readonly kind: "foreign"; readonly owner: PeerId }
  /** Whole, but of a newer program. */
  | { readonly kind: "newer"; readonly version: number };

/** Version of the format that {@linkcode encodeRecord} writes. */
export const RECORD_VERSION = 1;

// Versions to come keep this frame, so that an older program can tell a newer record from a torn one.
const FRAME = /^troupe-election ([1-9]\d{0,8}) ([0-9a-f]{8}) (.*)\n$/s;

/**
 * The record of `owner` as bytes: one line of text with version and checksum.
 *
 * @example
 * ```ts
 * decodeRecord(encodeRecord(record, "p1"), "p1"); // { kind: "ok", record }
 * decodeRecord(encodeRecord(record, "p1"), "p2"); // { kind: "foreign", owner: "p1" }
 * ```
 */
export function encodeRecord(record: DurableRecord, owner: PeerId): Uint8Array {
  const { epoch, votedFor, config, incarnation } = record;
  const { epoch: configEpoch, version, voters } = config;
  const body = JSON.stringify({
    owner,
    epoch,
    votedFor: votedFor ?? null,
    incarnation,
    config: { epoch: configEpoch, version, voters },
  });
  return new TextEncoder().encode(frame(RECORD_VERSION, body));
}

/** What `bytes` (undefined where there is no file) mean to `owner`. Never throws, never guesses. */
export function decodeRecord(bytes: Uint8Array | undefined, owner: PeerId): RecordRead {
  if (bytes === undefined) return { kind: "missing" };
  const parts = FRAME.exec(decodeText(bytes) ?? "");
  if (parts === null) return torn("it is not one whole line of a record");
  const [, version, sum, body] = parts as unknown as [string, string, string, string];
  if (checksum(version, body) !== sum) return torn("its checksum does not match");
  if (Number(version) > RECORD_VERSION) return { kind: "newer", version: Number(version) };
  return readBody(body, owner);
}

function readBody(body: string, owner: PeerId): RecordRead {
  const value = parse(body);
  if (!isObject(value)) return torn("it holds no object");
  const { owner: writer, epoch, votedFor, incarnation, config } = value;
  if (!isText(writer)) return torn("owner is missing");
  if (writer !== owner) return { kind: "foreign", owner: writer };
  if (!isCount(epoch)) return torn("epoch is no whole number");
  if (!isCount(incarnation)) return torn("incarnation is no whole number");
  if (votedFor !== null && !isText(votedFor)) return torn("votedFor is no peer id");
  if (!isConfig(config)) return torn("config is not one");
  const record = { epoch, votedFor: votedFor ?? undefined, incarnation, config };
  return { kind: "ok", record };
}

function frame(version: number, body: string): string {
  return `troupe-election ${version} ${checksum(String(version), body)} ${body}\n`;
}

function checksum(version: string, body: string): string {
  return crc32(new TextEncoder().encode(`${version} ${body}`)).toString(16).padStart(8, "0");
}

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function torn(why: string): RecordRead {
  return { kind: "torn", why };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isConfig(value: unknown): value is Config {
  if (!isObject(value)) return false;
  const { epoch, version, voters } = value;
  return isCount(epoch) && isCount(version) && Array.isArray(voters) && voters.length > 0 &&
    voters.every(isText) && new Set(voters).size === voters.length;
}
