import ts from "typescript";

/** @typedef {{ file: string, line: number, message: string }} Violation */
/** @typedef {{ specifier: string, typeOnly: boolean, node: ts.Node }} Import */

/** @param {string} file @param {string} text */
export function parse(file, text) {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

/** @param {ts.Node} node @param {string} message @returns {Violation} */
export function violation(node, message) {
  const source = node.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return { file: source.fileName, line: line + 1, message };
}

/** @param {ts.Node} node @returns {Generator<ts.Node>} */
export function* descendants(node) {
  for (const child of node.getChildren()) {
    yield child;
    yield* descendants(child);
  }
}

/**
 * Every module that a file mentions: import, export from, `import("x")` as an expression and as a type.
 *
 * @param {ts.SourceFile} source
 * @returns {Generator<Import>}
 */
export function* importsOf(source) {
  for (const node of descendants(source)) {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const typeOnly = node.importClause?.isTypeOnly === true;
      yield { specifier: node.moduleSpecifier.text, typeOnly, node };
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      if (!ts.isStringLiteral(node.moduleSpecifier)) continue;
      yield { specifier: node.moduleSpecifier.text, typeOnly: node.isTypeOnly, node };
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      const specifier = argument && ts.isStringLiteralLike(argument) ? argument.text : "?";
      yield { specifier, typeOnly: false, node };
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      if (!ts.isStringLiteral(node.argument.literal)) continue;
      yield { specifier: node.argument.literal.text, typeOnly: true, node };
    }
  }
}
