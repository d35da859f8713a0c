// Lets Node import the code of docs/clients.md: bundlers find './config' without its ending.
import { execFileSync } from 'node:child_process';
import { registerHooks } from 'node:module';
import { ConsoleLogger } from 'aws-amplify/utils';
import { webOrigin } from './stage.mjs';

execFileSync(process.execPath, [new URL('../docs/typecheck/extract.mjs', import.meta.url).pathname]);
const folder = new URL('../docs/typecheck/generated/', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    next(context.parentURL?.startsWith(folder) && specifier.startsWith('./') ? `${specifier}.ts` : specifier, context),
});

// Amplify warns of every endpoint that is not AWS's.
ConsoleLogger.LOG_LEVEL = 'ERROR';

// What a page has, and Node has not.
globalThis.location = new URL(webOrigin);

const module = name => import(`${folder}${name}.ts`);
export const [config, signIn, proof, api, links, settings, stepUp, checkout, signed] =
  await Promise.all(['config', 'sign-in', 'proof', 'api', 'links', 'settings', 'step-up', 'checkout', 'signed'].map(module));
