// Lets Node import the code of docs/clients.md: compiled, and with endings, without which only bundlers find './config'.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { transformWithOxc } from 'vite';
import '../../docs/typecheck/extract.mjs';
import { webOrigin } from './stage.mjs';

const code = new URL('../../docs/typecheck/generated/', import.meta.url);
// Below the folder of node_modules, where the packages are found. Other tests do the same at the same time.
const build = new URL('../.build/', import.meta.url).pathname;
mkdirSync(build, { recursive: true });
const folder = mkdtempSync(`${build}documentation-`);
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const options = { target: 'es2022', typescript: { onlyRemoveTypeImports: true } };
for (const file of readdirSync(code).filter(name => name.endsWith('.ts'))) {
  const { code: compiled } = await transformWithOxc(readFileSync(new URL(file, code), 'utf8'), file, options);
  writeFileSync(`${folder}/${file.slice(0, -3)}.mjs`, compiled.replaceAll(/(from ['"])(\.\/[\w-]+)(['"])/g, '$1$2.mjs$3'));
}

// What a page has, and Node has not.
globalThis.location = new URL(webOrigin);

const module = name => import(`${folder}/${name}.mjs`);
export const [config, signIn, proof, api, links, settings, stepUp, checkout, signed] =
  await Promise.all(['config', 'sign-in', 'proof', 'api', 'links', 'settings', 'step-up', 'checkout', 'signed'].map(module));
