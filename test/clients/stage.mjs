// The stage that the tests use, by what `go run ./cmd/local run` and the AWS SDKs have in the environment.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConsoleLogger } from 'aws-amplify/utils';
import './arithmetic.mjs';

// Amplify warns of every endpoint that is not AWS's.
ConsoleLogger.LOG_LEVEL = 'ERROR';

function variable(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run \`go run ./cmd/local run node --test 'test/clients/*.test.mjs'\``);
  return value;
}

// The outputs of all stacks, as `cdk deploy --outputs-file` writes them, and where the services are: what a front end gets.
export const outputs = {
  ...Object.assign({}, ...Object.values(JSON.parse(readFileSync(variable('SECURECART_OUTPUTS'), 'utf8')))),
  Endpoints: {
    CognitoIdp: variable('AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER'),
    CognitoIdentity: variable('AWS_ENDPOINT_URL_COGNITO_IDENTITY'),
    S3: variable('AWS_ENDPOINT_URL_S3'),
    Inbox: variable('SECURECART_INBOX_URL'),
  },
};

// The stage's clock may be behind this machine's: an authenticator gives codes by it.
const { now } = Date;
const behind = Number(process.env.SECURECART_BEHIND ?? 0);
Date.now = () => now() - behind;

// Without this, no client can reach managed login: its certificate was made when the stage started.
variable('NODE_EXTRA_CA_CERTS');

// The scopes that the clients' access tokens carry, as docs/clients.md says.
const documented = /^\| access token carries \| (.+) \|$/m.exec(
  readFileSync(new URL('../../docs/clients.md', import.meta.url), 'utf8'))[1];
export const [webScopes, stepUpScopes] = documented.split(' | ').map(cell =>
  cell.split(', ').map(name => `securecart/${name}`).sort());

// Where the stage lets a front end be. Nothing needs to listen there.
export const webOrigin = 'http://localhost:5173';

export const password = 'Correct-horse-7';
export const newEmail = () => `client-${randomUUID()}@example.com`;

// What was sent to an address last.
export async function code(email) {
  const response = await fetch(`${outputs.Endpoints.Inbox}/messages.json?to=${encodeURIComponent(email)}`);
  const [newest] = await response.json();
  if (!newest) throw new Error(`nothing was sent to ${email}`);
  return newest.code;
}

// The claims of a token, unchecked.
export const claims = token => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
