import type { Catalogue, CatalogueEntry, Named } from "./catalogue.ts";
import { fold, toEntry } from "./catalogue.ts";
import { BadMessageError } from "./errors.ts";
import { compileGlob, isGlob } from "./glob.ts";
import { MAX_GLOB_STEPS, MAX_QUERY_LENGTH, MAX_RESULTS } from "./limits.ts";
import { wholeNumber } from "./validate.ts";

/** By what a search found what it found; `none` if nothing. */
export type FoundBy = "name" | "id" | "substring" | "glob" | "none";

/** The answer to a search. */
export interface SearchResult {
  readonly by: FoundBy;
  /** Sorted by name. */
  readonly entries: readonly CatalogueEntry[];
  /** Whether there is more than the limit lets through. */
  readonly more: boolean;
}

/** So many digits make a text a file id; fewer are more likely a name. */
const ID_PREFIX = /^[0-9a-f]{8,64}$/;

/**
 * Looks for `text`: the exact name; else, if it looks like one, the beginning of a file id (only the versions of that
 * id are given then); else names that contain it; else, if it has `*` or `?`, names that fit the whole pattern. The
 * last two take no notice of case.
 *
 * @param text 1 to 1,024 characters
 * @param limit names in the answer, 1 to 1,000
 * @throws BadMessageError if an argument is out of range
 *
 * @example
 * ```ts
 * search(catalogue, "*.flac").entries.map((entry) => entry.name);
 * ```
 */
export function search(
  catalogue: Catalogue,
  text: unknown,
  limit: unknown = MAX_RESULTS,
): SearchResult {
  if (typeof text !== "string" || text === "" || text.length > MAX_QUERY_LENGTH) {
    throw new BadMessageError("query", text, `a text of 1 to ${MAX_QUERY_LENGTH} characters`);
  }
  const most = wholeNumber(limit, "query limit", 1, MAX_RESULTS);
  const exact = catalogue.get(text);
  if (exact !== undefined) return { by: "name", entries: [exact], more: false };
  const byId = ID_PREFIX.test(text) ? withId(catalogue, text) : [];
  if (byId.length > 0) return answer("id", byId, most);
  const wanted = fold(text);
  const containing = firstOf(catalogue, most, (named) => named.folded.includes(wanted));
  if (containing.length > 0) return answer("substring", containing.map(toEntry), most);
  if (isGlob(text)) return searchGlob(catalogue, wanted, most);
  return { by: "none", entries: [], more: false };
}

function searchGlob(catalogue: Catalogue, pattern: string, most: number): SearchResult {
  const glob = compileGlob(pattern);
  let cut = false;
  const fitting = firstOf(catalogue, most, (named) => {
    cut ||= glob.steps > MAX_GLOB_STEPS;
    return !cut && glob.matches(named.folded);
  });
  const found = answer(fitting.length > 0 ? "glob" : "none", fitting.map(toEntry), most);
  return { ...found, more: found.more || cut };
}

function withId(catalogue: Catalogue, prefix: string): CatalogueEntry[] {
  return [...catalogue.withId(prefix)].sort().map((name) => {
    const { versions } = catalogue.get(name)!;
    return { name, versions: versions.filter(({ fileId }) => fileId.startsWith(prefix)) };
  });
}

/** The first `most` names that fit, and one more if there is one. */
function firstOf(catalogue: Catalogue, most: number, fits: (named: Named) => boolean): Named[] {
  const found: Named[] = [];
  for (const named of catalogue.named()) {
    if (!fits(named)) continue;
    found.push(named);
    if (found.length > most) break;
  }
  return found;
}

function answer(by: FoundBy, entries: CatalogueEntry[], most: number): SearchResult {
  return { by, entries: entries.slice(0, most), more: entries.length > most };
}
