import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { AnnouncedFile, Announcement } from "../../src/sharing/mod.ts";
import {
  announcementsOf,
  BadMessageError,
  Catalogue,
  MAX_ANNOUNCED,
  MAX_FILES_PER_PEER,
  readAnnouncement,
  search,
  TooManyError,
} from "../../src/sharing/mod.ts";

const ID_A = "a".repeat(64);
const ID_B = "b".repeat(64);

describe("an announcement", () => {
  const good: Announcement = {
    peerId: "p1",
    incarnation: 1,
    version: 1,
    full: true,
    more: false,
    add: [{ name: "a", size: 1, fileId: ID_A }],
    remove: ["b"],
  };

  it("is taken if every field is right", () => {
    assert.deepEqual(readAnnouncement(good, "p1"), good);
    const { full: _, more: __, ...least } = good;
    assert.deepEqual(readAnnouncement(least, "p1"), { ...good, full: false });
  });

  const file = good.add[0]!;
  for (
    const [what, changes] of Object.entries({
      "another peer's id": { peerId: "p2" },
      "no id": { peerId: undefined },
      "a hostile id": { peerId: "../p1" },
      "a negative version": { version: -1 },
      "a fractional version": { version: 1.5 },
      "an incarnation as text": { incarnation: "1" },
      "a flag as text": { full: "yes" },
      "an unknown field": { extra: 1 },
      "files that are no list": { add: {} },
      "a hole in the list": { add: new Array(2) },
      "a hole in the removals": { remove: new Array(1) },
      "a file that is none": { add: [null] },
      "a name twice": { add: [file, { ...file, size: 2 }] },
      "a hostile name": { add: [{ ...file, name: "../a" }] },
      "a hostile removal": { remove: ["/a"] },
      "a negative size": { add: [{ ...file, size: -1 }] },
      "a fractional size": { add: [{ ...file, size: 0.5 }] },
      "a size beyond all numbers": { add: [{ ...file, size: 2 ** 53 }] },
      "a short file id": { add: [{ ...file, fileId: "abc" }] },
      "a file id in capitals": { add: [{ ...file, fileId: "A".repeat(64) }] },
      "a file with an unknown field": { add: [{ ...file, path: "/etc" }] },
    })
  ) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => readAnnouncement({ ...good, ...changes }, "p1"), BadMessageError);
    });
  }

  it("is refused with too many entries, before they are looked at", () => {
    const add = new Array(10_000_000);
    assert.throws(() => readAnnouncement({ ...good, add }, "p1"), TooManyError);
    const half = Array.from({ length: MAX_ANNOUNCED / 2 + 1 }, (_, i) => `${i}`);
    const files = half.map((name) => ({ ...file, name }));
    assert.throws(
      () => readAnnouncement({ ...good, add: files, remove: half }, "p1"),
      TooManyError,
    );
  });
});

describe("the catalogue", () => {
  it("keeps two contents of one name apart", () => {
    const catalogue = new Catalogue();
    catalogue.apply(full("p1", [{ name: "common.txt", size: 1, fileId: ID_A }]));
    catalogue.apply(full("p2", [{ name: "common.txt", size: 1, fileId: ID_B }]));
    catalogue.apply(full("p3", [{ name: "common.txt", size: 1, fileId: ID_B }]));
    assert.deepEqual(catalogue.get("common.txt"), {
      name: "common.txt",
      versions: [
        { fileId: ID_B, size: 1, holders: ["p2", "p3"] },
        { fileId: ID_A, size: 1, holders: ["p1"] },
      ],
    });
    assert.deepEqual(catalogue.holders(ID_B), ["p2", "p3"]);
  });

  it("takes deltas in order and asks for all where one is missing", () => {
    const catalogue = new Catalogue();
    const delta = (version: number, incarnation = 1): Announcement => ({
      peerId: "p1",
      incarnation,
      version,
      add: [{ name: `v${version}`, size: 1, fileId: ID_A }],
      remove: [],
    });
    assert.deepEqual(catalogue.apply(delta(1)), { kind: "gap", known: undefined });
    catalogue.apply(full("p1", [], 5));
    assert.equal(catalogue.apply(delta(6)).kind, "applied");
    assert.equal(catalogue.apply(delta(6)).kind, "old");
    assert.equal(catalogue.apply(delta(5)).kind, "old");
    assert.deepEqual(catalogue.apply(delta(8)), { kind: "gap", known: 6 });
    assert.deepEqual(catalogue.apply(delta(7, 2)), { kind: "gap", known: undefined });
    assert.equal(catalogue.apply(delta(7, 0)).kind, "old");
    assert.deepEqual(names(catalogue), ["v6"]);
    assert.equal(catalogue.apply(full("p1", [], 1, 2)).kind, "applied");
    assert.deepEqual(names(catalogue), []);
    assert.equal(catalogue.apply(full("p1", [], 9, 1)).kind, "old");
  });

  it("forgets a dead peer, but not the one that came after it", () => {
    const catalogue = new Catalogue();
    catalogue.apply(full("p1", [{ name: "a", size: 1, fileId: ID_A }], 1, 2));
    catalogue.apply(full("p2", [{ name: "a", size: 1, fileId: ID_A }]));
    assert.equal(catalogue.removePeer("p1", 1), false);
    assert.deepEqual(catalogue.holders(ID_A), ["p1", "p2"]);
    assert.equal(catalogue.removePeer("p1", 2), true);
    assert.deepEqual(catalogue.holders(ID_A), ["p2"]);
    assert.equal(catalogue.removePeer("p1"), false);
    assert.equal(catalogue.removePeer("p2"), true);
    assert.equal(catalogue.size, 0);
  });

  it("says who has told all", () => {
    const catalogue = new Catalogue();
    catalogue.apply({ ...full("p1", []), more: true });
    catalogue.apply(full("p2", []));
    assert.deepEqual(catalogue.completeness(["p3", "p2", "p1"]), {
      announced: ["p2"],
      missing: ["p1", "p3"],
    });
    catalogue.apply({ peerId: "p1", incarnation: 1, version: 2, add: [], remove: [] });
    assert.deepEqual(catalogue.completeness(["p1", "p2"]).missing, []);
  });

  it("refuses too many files of one peer, and changes nothing then", () => {
    const catalogue = new Catalogue();
    let version = 1;
    for (const page of announcementsOf(head(version), undefined, many(MAX_FILES_PER_PEER))) {
      catalogue.apply(page);
      version = page.version;
    }
    const one = (name: string, remove: string[] = []): Announcement => ({
      ...head(version + 1),
      add: [{ name, size: 1, fileId: ID_B }],
      remove,
    });
    assert.throws(() => catalogue.apply(one("more")), TooManyError);
    assert.equal(catalogue.size, MAX_FILES_PER_PEER);
    assert.equal(catalogue.apply(one("more", ["file-0.bin"])).kind, "applied");
    assert.equal(catalogue.size, MAX_FILES_PER_PEER);
  });

  it("answers like a list of everything, whatever was announced", () => {
    const name = fc.constantFrom("a", "A", "b/a", "ba", "é", "e\u0301", "x*");
    const file = fc.record({
      name,
      size: fc.constantFrom(1, 2),
      fileId: fc.constantFrom(ID_A, ID_B, "c".repeat(64)),
    });
    const files = fc.uniqueArray(file, { selector: (each) => each.name });
    const step = fc.record({
      peer: fc.constantFrom("p1", "p2", "p3"),
      files,
      how: fc.constantFrom("full", "delta", "delta", "dies"),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const catalogue = new Catalogue();
        const model = new Map<string, AnnouncedFile[]>();
        let version = 0;
        const versions = new Map<string, number>();
        for (const { peer, files, how } of steps) {
          if (how === "dies") {
            assert.equal(catalogue.removePeer(peer), model.delete(peer));
            continue;
          }
          const before = how === "full" ? undefined : model.get(peer);
          version = (versions.get(peer) ?? 0) + 1;
          const pages = announcementsOf({ peerId: peer, incarnation: 1, version }, before, files);
          for (const page of pages) {
            assert.equal(catalogue.apply(readAnnouncement(page, peer)).kind, "applied");
            versions.set(peer, page.version);
          }
          model.set(peer, files);
        }
        check(catalogue, model);
      }),
      { numRuns: 500 },
    );
  });

  it("takes 50,000 files and answers at once", () => {
    const catalogue = new Catalogue();
    const start = performance.now();
    for (let p = 0; p < 5; p++) {
      const own = many(10_000, `p${p}/`);
      const pages = announcementsOf(
        { peerId: `p${p}`, incarnation: 1, version: 1 },
        undefined,
        own,
      );
      for (const page of pages) catalogue.apply(readAnnouncement(page, `p${p}`));
    }
    const indexed = performance.now() - start;
    assert.ok(indexed < 5_000, `indexed in ${indexed} ms`);
    search(catalogue, "warm");
    for (
      const text of ["p3/file-77.bin", "LE-9999.B", "*-77?.bin", "none at all", "0".repeat(10)]
    ) {
      const before = performance.now();
      search(catalogue, text);
      const took = performance.now() - before;
      assert.ok(took < 500, `${text}: ${took} ms`);
    }
  });
});

describe("search", () => {
  const catalogue = new Catalogue();
  const names = [
    "Song.mp3",
    "song.mp3.txt",
    "music/Song.mp3",
    "e\u0301t\u00e9.txt",
    "a[1].txt",
    "x*y",
  ];
  catalogue.apply(full(
    "p1",
    names.map((name, i) => ({
      name,
      size: i,
      fileId: `${i}`.repeat(64),
    })),
  ));
  const found = (text: string, limit?: number): string[] => {
    const { by, entries } = search(catalogue, text, limit);
    return [by, ...entries.map((entry) => entry.name)];
  };

  it("prefers the exact name, then the id, the part, the pattern", () => {
    assert.deepEqual(found("Song.mp3"), ["name", "Song.mp3"]);
    assert.deepEqual(found("11111111"), ["id", "song.mp3.txt"]);
    assert.deepEqual(found("1111111"), ["none"]);
    assert.deepEqual(found("song"), ["substring", "Song.mp3", "music/Song.mp3", "song.mp3.txt"]);
    assert.deepEqual(found("*.MP3"), ["glob", "Song.mp3", "music/Song.mp3"]);
    assert.deepEqual(found("s?ng.mp3"), ["glob", "Song.mp3"]);
    assert.deepEqual(found("x*"), ["substring", "x*y"]);
    assert.deepEqual(found("[1]"), ["substring", "a[1].txt"]);
    assert.deepEqual(found("."), [
      "substring",
      ...names.filter((name) => name.includes(".")).sort(),
    ]);
    assert.deepEqual(found("nothing"), ["none"]);
  });

  it("takes no notice of Unicode composition", () => {
    assert.deepEqual(found("\u00c9TE\u0301"), ["substring", "e\u0301t\u00e9.txt"]);
  });

  it("gives a limited number, and says so", () => {
    assert.deepEqual(search(catalogue, "song", 2).entries.map((entry) => entry.name), [
      "Song.mp3",
      "music/Song.mp3",
    ]);
    assert.equal(search(catalogue, "song", 2).more, true);
    assert.equal(search(catalogue, "song", 3).more, false);
  });

  it("refuses what is no question", () => {
    for (const text of ["", undefined, 7, "x".repeat(1_025)]) {
      assert.throws(() => search(catalogue, text), BadMessageError);
    }
    for (const limit of [0, 1_001, 1.5, "2"]) {
      assert.throws(() => search(catalogue, "a", limit), BadMessageError);
    }
  });

  it("matches globs as a regular expression does", () => {
    const letters = fc.constantFrom("a", "b", "/", ".", "𐀀");
    const text = fc.array(letters, { maxLength: 8 }).map((list) => list.join(""));
    const pattern = fc.array(fc.oneof(letters, fc.constantFrom("*", "?")), { maxLength: 6 })
      .map((list) => list.join(""));
    fc.assert(
      fc.property(text, pattern, (name, glob) => {
        fc.pre(/[*?]/.test(glob) && !name.includes(glob));
        const one = new Catalogue();
        const file = { name: `n${name}`, size: 1, fileId: ID_A };
        one.apply({ ...full("p1", []), add: [file] });
        const wanted = new RegExp(
          `^n${glob.replace(/\./g, "\\.").replace(/\*/g, ".*").replace(/\?/g, ".")}$`,
          "u",
        ).test(file.name);
        assert.equal(search(one, `n${glob}`).by === "glob", wanted, `${file.name} ${glob}`);
      }),
      { numRuns: 1_000 },
    );
  });

  it("ends in time with the worst of patterns", () => {
    const hostile = new Catalogue();
    const add = Array.from({ length: 2_000 }, (_, i) => ({
      name: `${"a".repeat(240)}/`.repeat(16) + i,
      size: 1,
      fileId: ID_A,
    }));
    hostile.apply({ ...full("p1", []), add });
    const start = performance.now();
    const { by, more } = search(hostile, `${"*a".repeat(400)}${"a".repeat(200)}*?b`);
    assert.equal(by, "none");
    assert.equal(more, true);
    assert.ok(performance.now() - start < 5_000);
  });

  it("lists in pages", () => {
    const seen: string[] = [];
    for (let after = "";;) {
      const { entries, more } = catalogue.list(after, 4);
      seen.push(...entries.map((entry) => entry.name));
      if (!more) break;
      after = seen.at(-1)!;
    }
    assert.deepEqual(seen, [...names].sort());
  });
});

describe("announcementsOf", () => {
  it("says nothing where nothing changed, and all where nothing is known", () => {
    const files = many(3);
    assert.deepEqual(announcementsOf(head(4), files, files), []);
    assert.deepEqual(
      announcementsOf(head(4), undefined, []).map(({ full, more }) => [full, more]),
      [
        [true, false],
      ],
    );
  });

  it("makes pages that are complete at the last one only", () => {
    const pages = announcementsOf(head(7), undefined, many(25_000));
    assert.deepEqual(
      pages.map(({ version, full, more, add }) => [version, full, more, add.length]),
      [
        [7, true, true, 10_000],
        [8, false, true, 10_000],
        [9, false, false, 5_000],
      ],
    );
  });
});

function head(version: number) {
  return { peerId: "p1", incarnation: 1, version };
}

function full(peerId: string, add: AnnouncedFile[], version = 1, incarnation = 1): Announcement {
  return { peerId, incarnation, version, full: true, add, remove: [] };
}

function many(count: number, folder = ""): AnnouncedFile[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `${folder}file-${i}.bin`,
    size: i,
    fileId: i.toString(16).padStart(64, "0"),
  }));
}

function names(catalogue: Catalogue): string[] {
  return catalogue.list().entries.map((entry) => entry.name);
}

/** Compares with what a plain list of all announced files says. */
function check(catalogue: Catalogue, model: ReadonlyMap<string, readonly AnnouncedFile[]>): void {
  const all = [...model].flatMap(([peer, files]) => files.map((file) => ({ peer, ...file })));
  const expected = [...new Set(all.map(({ name }) => name))].sort();
  assert.deepEqual(names(catalogue), expected);
  for (const name of expected) {
    const versions = catalogue.get(name)!.versions;
    const flat = versions.flatMap(({ fileId, size, holders }) =>
      holders.map((peer) => `${peer} ${fileId} ${size}`)
    );
    const wanted = all.filter((file) => file.name === name);
    assert.deepEqual(
      flat.sort(),
      wanted.map(({ peer, fileId, size }) => `${peer} ${fileId} ${size}`).sort(),
    );
  }
  for (const { fileId } of all) {
    const holders = all.filter((file) => file.fileId === fileId).map(({ peer }) => peer);
    assert.deepEqual(catalogue.holders(fileId), [...new Set(holders)].sort());
    const byId = search(catalogue, fileId);
    assert.equal(byId.by, "id");
    assert.ok(byId.entries.every(({ versions }) => versions.every((v) => v.fileId === fileId)));
  }
  for (const text of ["a", "é"]) {
    const fold = (name: string): string => name.normalize("NFC").toLowerCase();
    const { by, entries } = search(catalogue, text);
    const wanted = expected.includes(text)
      ? [text]
      : expected.filter((name) => fold(name).includes(fold(text)));
    assert.deepEqual(entries.map(({ name }) => name), wanted);
    assert.equal(by, expected.includes(text) ? "name" : wanted.length > 0 ? "substring" : "none");
  }
  assert.deepEqual(catalogue.peers().map(({ peerId }) => peerId), [...model.keys()].sort());
}
