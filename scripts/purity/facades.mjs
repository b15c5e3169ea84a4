import ts from "typescript";
import { violation } from "./source.mjs";

/**
 * A mod.ts, and a file directly in src/, only re-exports.
 *
 * @param {ts.SourceFile} source
 */
export function* busyFacades(source) {
  if (!/^src\/(.*\/)?(mod|[^/]+)\.ts$/.test(source.fileName)) return;
  if (!source.fileName.endsWith("/mod.ts") && source.fileName.split("/").length > 2) return;
  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined) continue;
    yield violation(statement, "is no re-export, and this file may hold nothing else");
  }
}
