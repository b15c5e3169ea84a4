import { show } from "../../actor/mod.ts";
import type { Fault, Path } from "./problem.ts";
import { pathText } from "./problem.ts";
import { nearest } from "./suggest.ts";

/** An issue as zod tells it; what of it is used. */
export interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  readonly options?: readonly unknown[];
  readonly values?: readonly unknown[];
  readonly expected?: string;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
}

/** A JSON Schema, as far as it is looked at. */
interface Node {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly oneOf?: readonly Node[];
  readonly anyOf?: readonly Node[];
  readonly const?: unknown;
  readonly description?: string;
}

/** What is wrong by the schema, in the words of the person who wrote the file. */
export function explainIssue(issue: Issue, data: unknown, schema: object): Fault[] {
  const path = issue.path.map((part) => typeof part === "number" ? part : String(part));
  const value = at(data, path);
  const node = nodeAt(schema as Node, data, path);
  const where = pathText(path) || "the file";
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = Object.keys(node?.properties ?? {});
      return (issue.keys ?? []).map((key) => ({
        path: [...path, key],
        key: true,
        message: `${where}: unknown key "${key}"${meant(key, known)}`,
      }));
    }
    case "invalid_union":
      if (issue.options !== undefined) return [choice(path, value, issue.options)];
      break;
    case "invalid_value":
      return [choice(path, value, issue.values ?? [])];
    case "custom":
      return [{ path, message: `${where}: ${issue.message}` }];
  }
  if (value === undefined) {
    return [{
      path: path.slice(0, -1),
      message: `${pathText(path.slice(0, -1)) || "the file"}: "${path.at(-1)}" is missing`,
    }];
  }
  const expected = node?.description ?? limits(issue);
  return [{ path, message: `${where} is ${show(value)}, expected ${expected}` }];
}

function choice(path: Path, value: unknown, options: readonly unknown[]): Fault {
  const known = options.map(String);
  const where = pathText(path);
  if (value === undefined) {
    const message = `${pathText(path.slice(0, -1))}: "${path.at(-1)}" is missing: one of ${
      known.join(", ")
    }`;
    return { path: path.slice(0, -1), message };
  }
  const text = String(value);
  return { path, message: `${where} is ${show(value)}${meant(text, known)}` };
}

/** A suggestion, or all that there is. */
export function meant(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near !== undefined
    ? ` - did you mean "${near}"?`
    : `, expected one of ${known.join(", ")}`;
}

function limits({ expected, minimum, maximum, message }: Issue): string {
  if (minimum !== undefined) return `at least ${String(minimum)}`;
  if (maximum !== undefined) return `at most ${String(maximum)}`;
  return expected ?? message;
}

function at(data: unknown, path: Path): unknown {
  let value = data;
  for (const part of path) value = (value as Record<string | number, unknown> | undefined)?.[part];
  return value;
}

/** The part of the schema that says what stands at `path`; of alternatives the one whose `do` is told. */
function nodeAt(schema: Node, data: unknown, path: Path): Node | undefined {
  const resolve = (node: Node | undefined): Node | undefined => {
    const [, name] = /^#\/\$defs\/(.*)$/.exec(node?.$ref ?? "") ?? [];
    const defs = (schema as { readonly $defs?: Readonly<Record<string, Node>> }).$defs ?? {};
    return name === undefined ? node : { ...defs[name], ...node };
  };
  let node: Node | undefined = schema;
  let value = data;
  for (const part of path) {
    node = resolve(typeof part === "number" ? node?.items : node?.properties?.[part]);
    value = (value as Record<string | number, unknown> | undefined)?.[part];
    const verb = (value as { readonly do?: unknown } | undefined)?.do;
    if (node?.oneOf !== undefined && verb !== undefined) {
      node = node.oneOf.map(resolve).find((one) =>
        resolve(one?.properties?.["do"])?.const === verb
      );
    }
  }
  return node;
}
