import { BadMessageError } from "./errors.ts";
import { MAX_ANNOUNCED } from "./limits.ts";
import { fieldsOf, listOf, validFileId, validName, validPeerId, wholeNumber } from "./validate.ts";

/** A file as it is announced. */
export interface AnnouncedFile {
  /** Safe relative name; one per peer. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly fileId: string;
  /** Bytes of it that are here, while it is still downloaded; undefined if all are. */
  readonly have?: number | undefined;
}

/**
 * What a peer tells the tracker of its files: a change of what it told before, or, with `full`, the beginning of
 * all it has.
 */
export interface Announcement {
  readonly peerId: string;
  /** Of the peer; grows with every start of it. */
  readonly incarnation: number;
  /** One more than that of the announcement before; any number where `full`. */
  readonly version: number;
  /** Forget what this peer told before. */
  readonly full?: boolean;
  /** Further announcements follow at once: what is known of this peer is not complete yet. */
  readonly more?: boolean;
  /** New files, or files whose content changed. */
  readonly add: readonly AnnouncedFile[];
  /** Names; done before `add`. Unknown ones are passed over. */
  readonly remove: readonly string[];
}

const FIELDS = ["peerId", "incarnation", "version", "full", "more", "add", "remove"] as const;
const FILE_FIELDS = ["name", "size", "fileId", "have"] as const;

/**
 * The announcement in a message of the peer `from`, checked whole before any of it is believed.
 *
 * @throws BadMessageError if a field is wrong, a name occurs twice, or it speaks for another peer
 * @throws TooManyError above 10,000 entries
 */
export function readAnnouncement(value: unknown, from: string): Announcement {
  const fields = fieldsOf(value, "announcement", FIELDS);
  const peerId = validPeerId(fields["peerId"], "announcement.peerId");
  if (peerId !== from) throw new BadMessageError("announcement.peerId", peerId, `"${from}"`);
  const add = listOf(fields["add"], "announcement.add", MAX_ANNOUNCED);
  const remove = listOf(fields["remove"], "announcement.remove", MAX_ANNOUNCED - add.length);
  return {
    peerId,
    incarnation: wholeNumber(
      fields["incarnation"],
      "announcement.incarnation",
      0,
      Number.MAX_SAFE_INTEGER,
    ),
    version: wholeNumber(fields["version"], "announcement.version", 0, Number.MAX_SAFE_INTEGER),
    full: flag(fields["full"], "announcement.full"),
    more: flag(fields["more"], "announcement.more"),
    add: readFiles(add),
    remove: Array.from(remove, (name, i) => validName(name, `announcement.remove[${i}]`)),
  };
}

function readFiles(files: readonly unknown[]): AnnouncedFile[] {
  const names = new Set<string>();
  // Unlike `map`, it does not pass over holes.
  return Array.from(files, (file, i) => {
    const where = `announcement.add[${i}]`;
    const fields = fieldsOf(file, where, FILE_FIELDS);
    const name = validName(fields["name"], `${where}.name`);
    if (names.has(name)) throw new BadMessageError(`${where}.name`, name, "each name once");
    names.add(name);
    const size = wholeNumber(fields["size"], `${where}.size`, 0, Number.MAX_SAFE_INTEGER);
    const fileId = validFileId(fields["fileId"], `${where}.fileId`);
    const { have } = fields;
    if (have === undefined) return { name, size, fileId };
    return { name, size, fileId, have: wholeNumber(have, `${where}.have`, 0, size) };
  });
}

function flag(value: unknown, where: string): boolean {
  if (value === undefined || typeof value === "boolean") return value === true;
  throw new BadMessageError(where, value, "true or false");
}

/**
 * What a peer must announce so that a tracker which knows `before` knows `after`; in pages of 10,000 entries at most.
 *
 * @param before what the tracker knows; undefined if nothing: the first page is `full` then
 * @param version of the first page
 *
 * @example
 * ```ts
 * for (const page of announcementsOf({ peerId, incarnation, version }, undefined, files)) {
 *   await tracker.ask.announce(page);
 * }
 * ```
 */
export function announcementsOf(
  head: { readonly peerId: string; readonly incarnation: number; readonly version: number },
  before: readonly AnnouncedFile[] | undefined,
  after: readonly AnnouncedFile[],
): Announcement[] {
  const known = new Map(before?.map((file) => [file.name, file]));
  const kept = new Set(after.map((file) => file.name));
  const remove = [...known.keys()].filter((name) => !kept.has(name));
  const add = after
    .filter((file) => !sameFile(known.get(file.name), file))
    .map(({ name, size, fileId, have }) => ({
      name,
      size,
      fileId,
      ...(have !== undefined && { have }),
    }));
  const pages: Announcement[] = [];
  for (let at = 0; at < remove.length; at += MAX_ANNOUNCED) {
    pages.push(page(head, pages.length, [], remove.slice(at, at + MAX_ANNOUNCED)));
  }
  for (let at = 0; at < add.length; at += MAX_ANNOUNCED) {
    pages.push(page(head, pages.length, add.slice(at, at + MAX_ANNOUNCED), []));
  }
  if (pages.length === 0 && before === undefined) pages.push(page(head, 0, [], []));
  return pages.map((each, i) => ({
    ...each,
    full: before === undefined && i === 0,
    more: i < pages.length - 1,
  }));
}

function page(
  head: { readonly peerId: string; readonly incarnation: number; readonly version: number },
  number: number,
  add: readonly AnnouncedFile[],
  remove: readonly string[],
): Announcement {
  const { peerId, incarnation, version } = head;
  return { peerId, incarnation, version: version + number, add, remove };
}

function sameFile(known: AnnouncedFile | undefined, file: AnnouncedFile): boolean {
  return known !== undefined && known.size === file.size && known.fileId === file.fileId &&
    known.have === file.have;
}
