import { isBuiltin } from "node:module";
import ts from "typescript";
import { descendants, importsOf, violation } from "./source.mjs";

const pure = /^src\/(actor|supervision|registry|election|sharing|peer)\//;

/** Globals that reach time, randomness, disk or network past the actor's context. */
const globals = new Set([
  "Date",
  "performance",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "process",
  "Deno",
  "fetch",
]);

/** The same, as members of globals that are harmless otherwise. */
const members = new Map([
  ["Math", ["random"]],
  ["crypto", ["randomUUID", "getRandomValues"]],
  ["AbortSignal", ["timeout"]],
]);

/**
 * Anything in the pure folders that a simulation could not see.
 *
 * @param {ts.SourceFile} source
 */
export function* outsideWorld(source) {
  if (!pure.test(source.fileName)) return;
  const inActor = source.fileName.startsWith("src/actor/");
  for (const { specifier, node } of importsOf(source)) {
    if (isBuiltin(specifier)) {
      yield violation(
        node,
        `imports ${specifier}: time, randomness, disk and network come from the context`,
      );
    } else if (specifier === "comlink" && !inActor) {
      yield violation(node, "imports comlink: of these folders only src/actor may");
    }
  }
  for (const node of descendants(source)) {
    if (ts.isIdentifier(node) && !isName(node) && !isKind(node)) {
      if (globals.has(node.text) && !(inActor && node.text === "queueMicrotask")) {
        yield violation(node, `uses ${node.text}: take it from the context`);
      }
      if ((node.text === "Math" || node.text === "crypto") && memberOf(node.parent) === undefined) {
        yield violation(
          node,
          `hands ${node.text} on: name the member, so that this check can see it`,
        );
      }
    }
    const member = memberOf(node);
    if (member === undefined) continue;
    if (members.get(member.object)?.includes(member.name)) {
      yield violation(node, `uses ${member.object}.${member.name}: take it from the context`);
    } else if (member.object === "globalThis" && globals.has(member.name)) {
      yield violation(node, `uses globalThis.${member.name}: take it from the context`);
    }
  }
}

/**
 * Whether an identifier only names a member (`clock.setTimeout`, a method, a key) and so refers to nothing global.
 *
 * @param {ts.Identifier} node
 */
function isName(node) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  return (ts.isClassElement(parent) || ts.isTypeElement(parent) ||
    ts.isPropertyAssignment(parent) || ts.isEnumMember(parent)) && parent.name === node;
}

/**
 * Whether it stands for a kind of value only, which tells no time: a type, or `value instanceof Date`.
 *
 * @param {ts.Identifier} node
 */
function isKind(node) {
  const { parent } = node;
  return ts.isTypeReferenceNode(parent) ||
    ts.isBinaryExpression(parent) && parent.right === node &&
      parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword;
}

/**
 * `object.name` and `object["name"]`, also behind `globalThis.`.
 *
 * @param {ts.Node} node
 * @returns {{ object: string, name: string } | undefined}
 */
function memberOf(node) {
  const access = accessOf(node);
  if (access === undefined) return undefined;
  const inner = accessOf(access.on);
  const object = ts.isIdentifier(access.on)
    ? access.on.text
    : inner && ts.isIdentifier(inner.on) && inner.on.text === "globalThis"
    ? inner.name
    : undefined;
  return object === undefined ? undefined : { object, name: access.name };
}

/** @param {ts.Node} node @returns {{ on: ts.Expression, name: string } | undefined} */
function accessOf(node) {
  if (ts.isPropertyAccessExpression(node)) return { on: node.expression, name: node.name.text };
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return { on: node.expression, name: node.argumentExpression.text };
  }
  return undefined;
}
