// Writes every TypeScript block of docs/clients.md that names a file into generated/: for tsc to check, and for the storefront and
// test/clients/ to use.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

const here = new URL('.', import.meta.url);
const out = new URL('generated/', here);
const blocks = [...readFileSync(new URL('../clients.md', here), 'utf8').matchAll(/^```ts (\S+)\n([\s\S]*?)^```$/gm)];
if (blocks.length === 0) {
  console.error('docs/clients.md has no block that begins with ```ts <file>: nothing would be checked');
  process.exit(1);
}
// The last is for Node, which can import the others.
const files = new Map([...blocks.map(([, file, code]) => [file, code]), ['package.json', '{ "type": "module" }\n']]);

// Somebody else may be reading what is right already, or be writing it at the same time: a file is there as a whole or not at all.
mkdirSync(out, { recursive: true });
for (const file of readdirSync(out)) if (!files.has(file)) rmSync(new URL(file, out), { force: true });
for (const [file, text] of files) {
  const target = new URL(file, out);
  if (existsSync(target) && readFileSync(target, 'utf8') === text) continue;
  const made = new URL(`.${process.pid}-${file}`, here);
  writeFileSync(made, text);
  renameSync(made, target);
}
console.log(`docs/clients.md: ${blocks.length} files in docs/typecheck/generated`);
