// Prints the syntax of .bicep files as JSON: {path: {errors: [...], nodes: [...]}}, made by the tree-sitter grammar.
// Usage: node model.mjs <folder with node_modules> <file>...
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [tools, ...files] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${tools}/package.json`));
const { Parser, Language } = await import(pathToFileURL(require.resolve('web-tree-sitter')));

await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(require.resolve('tree-sitter-bicep/tree-sitter-bicep.wasm')));

const result = {};
for (const file of files) {
  let text = readFileSync(file, 'utf8');
  // The grammar knows no assignments to parameters, which are written like variables otherwise.
  if (file.endsWith('.bicepparam')) text = text.replace(/^param (?=\w+ =)/gm, 'var ').replace(/^using .*$/m, '');
  const { rootNode } = parser.parse(text);
  const errors = [];
  const find = (node) => {
    if (node.type === 'ERROR' || node.isMissing) errors.push(`line ${node.startPosition.row + 1}: ${node.text.slice(0, 60)}`);
    for (const child of node.children) if (child.hasError || child.isMissing) find(child);
  };
  if (rootNode.hasError) find(rootNode);
  const shape = (node) => ({
    type: node.type, line: node.startPosition.row + 1,
    ...(node.namedChildCount === 0 ? { text: node.text } : { children: node.namedChildren.map(shape) }),
    ...(node.type === 'resource_declaration' && /^resource\s+\w+\s+'[^']+'\s+existing\b/.test(node.text) ? { existing: true } : {}),
  });
  result[file] = { errors, nodes: rootNode.namedChildren.map(shape) };
}
process.stdout.write(JSON.stringify(result));
