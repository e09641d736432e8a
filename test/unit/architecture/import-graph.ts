import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** One import of one source file, as the file writes it. */
export interface Import {
  /** Source file, relative to the repository: `src/plan/plan.ts`. */
  readonly from: string;
  /** Source file, or the bare specifier of a package: `node:fs`, `@tensorflow/tfjs-core`. */
  readonly to: string;
  /** `type` leaves nothing behind at run time, `dynamic` is an `import()` expression. */
  readonly kind: 'static' | 'dynamic' | 'type';
}

/** Every source file below `src/`, relative to the repository. */
export function sourceFiles(): readonly string[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[jt]s$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

export function readImports(): readonly Import[] {
  return sourceFiles().flatMap((file) => importsOf(file, readFileSync(join(ROOT, file), 'utf8')));
}

/** The imports of one source text. */
export function importsOf(file: string, text: string): readonly Import[] {
  const imports: Import[] = [];
  const add = (specifier: ts.Node | undefined, kind: Import['kind']) => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    imports.push({ from: file, to: resolve(file, specifier.text), kind });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isErasedImport(node) ? 'type' : 'static');
    if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, isErasedExport(node) ? 'type' : 'static');
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, 'type');
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], 'dynamic');
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2023));
  return imports;
}

/** Files that are loaded with a file: its static imports, and theirs. Packages are among them, but not looked into. */
export function loadedWith(file: string, imports: readonly Import[]): ReadonlySet<string> {
  const loaded = new Set([file]);
  for (const current of loaded) {
    for (const { from, to, kind } of imports) if (from === current && kind === 'static') loaded.add(to);
  }
  return loaded;
}

/** Cycles of files, each once, as `a -> b -> a`. */
export function cyclesOf(imports: readonly Import[]): readonly string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) cycles.push([...path.slice(start), file].join(' -> '));
    if (start >= 0 || done.has(file)) return;
    for (const { from, to } of imports) if (from === file) walk(to, [...path, file]);
    done.add(file);
  };
  for (const { from } of imports) walk(from, []);
  return cycles;
}

function resolve(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  const path = posix.join(posix.dirname(file), specifier);
  // Most of what is imported as .js is written as .ts.
  return existsSync(join(ROOT, path)) ? path : path.replace(/\.js$/, '.ts');
}

/** With verbatimModuleSyntax only `import type` is erased as a whole: `import { type A }` still loads the file. */
function isErasedImport(node: ts.ImportDeclaration): boolean {
  return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

function isErasedExport(node: ts.ExportDeclaration): boolean {
  return node.isTypeOnly;
}
