import type { Meta, NameQuery } from "../actor/mod.ts";

/** Whether a name with its metadata is what `query` is about. */
export function matches(
  query: NameQuery,
  record: { readonly name: string; readonly meta: Meta },
): boolean {
  if (query.name !== undefined && record.name !== query.name) return false;
  if (query.prefix !== undefined && !record.name.startsWith(query.prefix)) return false;
  for (const [key, value] of Object.entries(query.meta ?? {})) {
    if (!Object.hasOwn(record.meta, key) || record.meta[key] !== value) return false;
  }
  return true;
}
