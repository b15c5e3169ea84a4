import { InvalidOptionError } from "../actor/mod.ts";
import { checkName, checkQuery, isPlain } from "./border.ts";
import type { Holding, JoinRecord, NameRecord, Topic } from "./wire.ts";

/**
 * What the registry actor itself makes sure of: whatever anybody sends it, it lives on. Each throws an
 * InvalidOptionError naming the field.
 */
export function checkRecord(record: unknown): asserts record is NameRecord {
  checkOwned(record, "record");
  checkName(record["name"], "record.name");
  const { meta, rank } = record;
  if (!isPlain(meta)) throw new InvalidOptionError("record.meta", meta, "a plain object");
  if (typeof rank === "number" && Number.isFinite(rank) && rank >= 0) return;
  throw new InvalidOptionError("record.rank", rank, "a finite number from 0");
}

export function checkJoin(record: unknown): asserts record is JoinRecord {
  checkOwned(record, "join");
  checkName(record["group"], "join.group");
  checkWhole(record["order"], "join.order");
}

export function checkHolding(holding: unknown): asserts holding is Holding {
  if (!isPlain(holding)) throw new InvalidOptionError("holding", holding, "an object");
  for (const field of ["names", "joins", "ranks"]) {
    const items = holding[field];
    if (!Array.isArray(items)) throw new InvalidOptionError(`holding.${field}`, items, "a list");
    for (const item of items) field === "joins" ? checkJoin(item) : checkRecord(item);
  }
}

export function checkTopic(topic: unknown): asserts topic is Topic {
  if (isPlain(topic) && topic["kind"] === "names") return checkQuery(topic["query"]);
  if (isPlain(topic) && topic["kind"] === "group") return checkName(topic["group"], "topic.group");
  throw new InvalidOptionError("topic", topic, "names with a query, or a group");
}

/** An address of an actor, or of a node. */
export function checkAddress(id: unknown, field: string): void {
  if (typeof id !== "string" || id === "") {
    throw new InvalidOptionError(field, id, "an address (text)");
  }
}

export function checkWhole(number: unknown, field: string): void {
  if (Number.isSafeInteger(number) && (number as number) >= 0) return;
  throw new InvalidOptionError(field, number, "a whole number from 0");
}

function checkOwned(value: unknown, what: string): asserts value is Record<string, unknown> {
  if (!isPlain(value)) throw new InvalidOptionError(what, value, "an object");
  checkAddress(value["id"], `${what}.id`);
  checkWhole(value["mark"], `${what}.mark`);
}
