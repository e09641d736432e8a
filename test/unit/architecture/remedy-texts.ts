import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT, sourceFiles } from './import-graph.js';

/** Errors that say what to do next, and which argument does. */
const ERRORS: Readonly<Record<string, number>> = { CnnbenchError: 2, Interrupted: 0 };

/**
 * What errors say to do next, `…` where a value is put in: every text that comes to the remedy of an error, through constants,
 * parameters, functions and properties `remedy`. Names are looked up in their file, and then in all others.
 *
 * @param skipped files whose remedies are of no error
 * @throws Error for an expression that cannot be followed
 */
export function remedyTexts(skipped: (file: string) => boolean): ReadonlySet<string> {
  const sources = sourceFiles()
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.ES2023, true));
  const found = new Set<string>();
  for (const source of sources.filter(({ fileName }) => !skipped(fileName))) {
    walk(source, (node) => {
      const remedy = remedyOf(node);
      if (remedy === undefined) return;
      for (const text of textsOf(remedy, sources)) found.add(text.trim());
    });
  }
  return found;
}

function remedyOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isNewExpression(node)) {
    const at = ERRORS[node.expression.getText()];
    return at === undefined ? undefined : node.arguments?.[at];
  }
  if (ts.isPropertyAssignment(node) && node.name.getText() === 'remedy') return node.initializer;
  if (ts.isShorthandPropertyAssignment(node) && node.name.text === 'remedy') return node.name;
  return undefined;
}

/** What an expression may come to. One that is a property `remedy` adds nothing: it was met where it was made. */
function textsOf(node: ts.Expression, sources: readonly ts.SourceFile[]): readonly string[] {
  const follow = (next: ts.Expression) => textsOf(next, sources);
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return follow(node.expression);
  if (ts.isConditionalExpression(node)) return [...follow(node.whenTrue), ...follow(node.whenFalse)];
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    return follow(node.left).flatMap((left) => follow(node.right).map((right) => left + right));
  }
  if (ts.isTemplateExpression(node)) {
    const { templateSpans, head } = node;
    return [
      templateSpans.reduce(
        (text, { literal, expression }) => `${text}${constantOf(expression, sources)}${literal.text}`,
        head.text,
      ),
    ];
  }
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'remedy') return [];
  if (ts.isCallExpression(node) && node.expression.getText().startsWith('plain')) return node.arguments.flatMap(follow);
  if (ts.isCallExpression(node)) return returnedBy(node.expression.getText(), sources).flatMap(follow);
  if (ts.isElementAccessExpression(node) && ts.isIdentifier(node.expression)) {
    return valuesOf(node.expression, sources).flatMap((table) => valuesIn(table).flatMap(follow));
  }
  if (ts.isIdentifier(node)) return valuesOf(node, sources).flatMap(follow);
  // One of a table: `REMEDIES[code]`.
  if (ts.isElementAccessExpression(node)) return follow(node.expression);
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return follow(node.expression);
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.flatMap((property) =>
      ts.isPropertyAssignment(property) ? follow(property.initializer) : [],
    );
  }
  throw new Error(`${node.getSourceFile().fileName}: the remedy ${node.getText()} cannot be followed`);
}

/** What a constant text within a text says; `…` for what is known only when it is printed. */
function constantOf(node: ts.Expression, sources: readonly ts.SourceFile[]): string {
  if (!ts.isIdentifier(node) || !/^[A-Z_]+$/.test(node.text)) return '…';
  const values = valuesOf(node, sources);
  return values.length === 1 && ts.isStringLiteralLike(values[0] as ts.Node)
    ? (values[0] as ts.StringLiteral).text
    : '…';
}

/** The values of a table, which is written as one. */
function valuesIn(table: ts.Expression): readonly ts.Expression[] {
  if (ts.isSatisfiesExpression(table) || ts.isAsExpression(table)) return valuesIn(table.expression);
  if (!ts.isObjectLiteralExpression(table)) throw new Error(`${table.getText().slice(0, 60)} is no table`);
  return table.properties.flatMap((property) => (ts.isPropertyAssignment(property) ? [property.initializer] : []));
}

function valuesOf(name: ts.Identifier, sources: readonly ts.SourceFile[]): readonly ts.Expression[] {
  if (name.text === 'undefined') return [];
  const parameter = parameterOf(name);
  if (parameter !== undefined) return argumentsFor(parameter, sources);
  const here = declared(name.text, [name.getSourceFile()]);
  const values = here.length > 0 || !/^[A-Z_]+$/.test(name.text) ? here : declared(name.text, sources);
  if (values.length > 0) return values;
  // Taken out of an object, as `const { remedy } = message`: it was met where that was made.
  if (name.text === 'remedy') return [];
  throw new Error(`${name.getSourceFile().fileName}: ${name.text} is not found`);
}

function declared(name: string, sources: readonly ts.SourceFile[]): readonly ts.Expression[] {
  const values: ts.Expression[] = [];
  for (const source of sources) {
    walk(source, (node) => {
      if (ts.isVariableDeclaration(node) && node.name.getText() === name && node.initializer)
        values.push(node.initializer);
    });
  }
  return values;
}

function returnedBy(name: string, sources: readonly ts.SourceFile[]): readonly ts.Expression[] {
  const values: ts.Expression[] = [];
  for (const source of sources) {
    walk(source, (node) => {
      if (!ts.isFunctionDeclaration(node) || node.name?.text !== name) return;
      walk(node, (each) => {
        if (ts.isReturnStatement(each) && each.expression !== undefined) values.push(each.expression);
      });
    });
  }
  if (values.length === 0) throw new Error(`${name}() is not found`);
  return values;
}

interface Parameter {
  readonly of: ts.SignatureDeclaration;
  readonly at: number;
  readonly otherwise: ts.Expression | undefined;
}

/** The parameter that a name stands for, of the functions around it; one in braces is a property, and none. */
function parameterOf(name: ts.Identifier): Parameter | undefined {
  for (let node: ts.Node = name; !ts.isSourceFile(node); node = node.parent) {
    if (ts.isBlock(node) && declaredIn(node, name.text)) return undefined;
    if (!ts.isFunctionLike(node)) continue;
    const at = node.parameters.findIndex((parameter) => parameter.name.getText() === name.text);
    if (at >= 0) return { of: node, at, otherwise: node.parameters[at]?.initializer };
  }
  return undefined;
}

function declaredIn(block: ts.Block, name: string): boolean {
  const names = block.statements
    .filter((statement) => ts.isVariableStatement(statement))
    .flatMap(({ declarationList }) => declarationList.declarations.map((each) => each.name.getText()));
  return names.includes(name);
}

function argumentsFor({ of, at, otherwise }: Parameter, sources: readonly ts.SourceFile[]): readonly ts.Expression[] {
  const name = calledBy(of);
  const own = of.getSourceFile();
  const exported = /\bexport\b|\bprotected\b|\bpublic\b/.test(of.getText().split('(')[0] ?? '');
  const given: ts.Expression[] = otherwise === undefined ? [] : [otherwise];
  for (const source of exported ? sources : [own]) {
    walk(source, (node) => {
      if (!ts.isCallExpression(node) || node.expression.getText().split('.').at(-1) !== name) return;
      const argument = node.arguments[at];
      if (argument !== undefined) given.push(argument);
    });
  }
  return given;
}

/** The name by which a function is called: its own, or that of the constant or of the parameter that it becomes. */
function calledBy(node: ts.SignatureDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  if (ts.isVariableDeclaration(node.parent)) return node.parent.name.getText();
  if (ts.isReturnStatement(node.parent)) {
    // `refuse` in `const refuse = refusing(...)`.
    const maker = node.parent.parent.parent as ts.FunctionDeclaration;
    let called = '';
    walk(node.getSourceFile(), (each) => {
      if (ts.isVariableDeclaration(each) && each.initializer?.getText().startsWith(`${maker.name?.text ?? '?'}(`)) {
        called = each.name.getText();
      }
    });
    if (called !== '') return called;
  }
  throw new Error(`${node.getSourceFile().fileName}: the calls of ${node.getText().slice(0, 60)} are not found`);
}

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}
