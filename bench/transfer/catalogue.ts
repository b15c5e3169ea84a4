import { Catalogue, MAX_ANNOUNCED, readAnnouncement, search } from "../../src/sharing/mod.ts";
import type { Row } from "../section.ts";
import { median } from "../statistics.ts";

const PEERS = 20;
const FILES = 10_000;
const QUERIES = ["file-77.bin", "le-777", "*7?7*", "ab0000"];
const SEARCHES = 5;

/** The tracker's index: how long it takes to learn of everything, and to answer. */
export function catalogueRows(): Row[] {
  const announcements = Array.from({ length: PEERS }, (_, peer) => ({
    peerId: `peer-${peer}`,
    incarnation: 1,
    version: 1,
    full: true,
    add: Array.from({ length: Math.min(FILES, MAX_ANNOUNCED) }, (_, i) => ({
      // Half of the files are with one peer only.
      name: i % 2 === 0 ? `file-${i}.bin` : `of-${peer}/file-${i}.bin`,
      size: i,
      fileId: (i % 2 === 0 ? i : i * PEERS + peer).toString(16).padStart(64, "ab0"),
    })),
    remove: [],
  }));
  const begun = performance.now();
  const catalogue = new Catalogue();
  for (const each of announcements) catalogue.apply(readAnnouncement(each, each.peerId));
  const index = performance.now() - begun;
  const times = QUERIES.flatMap((query) =>
    Array.from({ length: SEARCHES }, () => {
      const at = performance.now();
      search(catalogue, query);
      return performance.now() - at;
    })
  );
  return [
    { name: `index ${PEERS} x ${FILES} files`, unit: "ms", value: index, aim: "< 2000 ms" },
    { name: "search in them", unit: "ms", value: median(times), samples: times, aim: "< 20 ms" },
  ];
}
