// Runs the files of tests that it is given in one process, as `node --test --test-isolation=none` does from Node 22 on: it takes
// seconds to load Amplify.
import { pathToFileURL } from 'node:url';

for (const file of process.argv.slice(2)) await import(pathToFileURL(file));
