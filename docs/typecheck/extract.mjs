// Writes every TypeScript block of docs/clients.md that names a file into generated/, for tsc to check.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const here = new URL('.', import.meta.url);
const out = new URL('generated/', here);
rmSync(out, { recursive: true, force: true });
mkdirSync(out);
const blocks = [...readFileSync(new URL('../clients.md', here), 'utf8').matchAll(/^```ts (\S+)\n([\s\S]*?)^```$/gm)];
if (blocks.length === 0) {
  console.error('docs/clients.md has no block that begins with ```ts <file>: nothing would be checked');
  process.exit(1);
}
for (const [, file, code] of blocks) writeFileSync(new URL(file, out), code);
console.log(`docs/clients.md: checking ${blocks.length} blocks`);
