import { strict as assert } from 'node:assert';
import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { before, mock, test } from 'node:test';
import { fetchAuthSession, signIn } from 'aws-amplify/auth';
import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { customer, signInInput, web } from './customer.mjs';
import { outputs } from './stage.mjs';

let jwks;
let access;
let id;

const keys = `${outputs.Endpoints.CognitoIdp}/${outputs.UserPoolId}/.well-known/jwks.json`;

// Tokens name AWS's issuer, so the verifier would ask AWS for keys. It is given those of the stage, and if it looks for others, it
// finds them there as well.
const jwksCache = new SimpleJwksCache({ fetcher: { fetch: async () => (await fetch(keys)).arrayBuffer() } });
function verifier(expected) {
  const made = CognitoJwtVerifier.create({ userPoolId: outputs.UserPoolId, ...expected }, { jwksCache });
  made.cacheJwks(jwks);
  return made;
}
const forAccess = () => verifier({ tokenUse: 'access', clientId: outputs.WebClientId });
const forId = () => verifier({ tokenUse: 'id', clientId: outputs.WebClientId });

before(async () => {
  jwks = await (await fetch(keys)).json();
  const context = web();
  await signIn(context, signInInput(await customer()));
  const { tokens } = await fetchAuthSession(context);
  [access, id] = [tokens.accessToken.toString(), tokens.idToken.toString()];
});

test('access and ID tokens are accepted', async () => {
  const verified = await forAccess().verify(access);
  assert.equal(verified.client_id, outputs.WebClientId);
  assert.equal((await forId().verify(id)).sub, verified.sub);
  await verifier({ tokenUse: 'access', clientId: outputs.WebClientId, scope: 'securecart/orders.read' }).verify(access);
});

test('the other use, client, user pool or scope is refused', async () => {
  for (const [expected, token, name] of [
    [{ tokenUse: 'id', clientId: outputs.WebClientId }, access, 'CognitoJwtInvalidTokenUseError'],
    [{ tokenUse: 'access', clientId: outputs.WebClientId }, id, 'CognitoJwtInvalidTokenUseError'],
    [{ tokenUse: 'access', clientId: outputs.StepUpClientId }, access, 'CognitoJwtInvalidClientIdError'],
    [{ tokenUse: 'id', clientId: outputs.StepUpClientId }, id, 'CognitoJwtInvalidClientIdError'],
    [{ tokenUse: 'access', clientId: outputs.WebClientId, scope: 'securecart/orders.write' }, access, 'JwtInvalidScopeError'],
    [{ tokenUse: 'access', clientId: outputs.WebClientId, userPoolId: `${outputs.Region}_000000000` }, access, 'ParameterValidationError'],
  ]) await assert.rejects(verifier(expected).verify(token), refusal(name));
});

test('a token is refused once it has expired, and not before', async t => {
  const { exp } = await forAccess().verify(access);
  t.after(() => mock.timers.reset());
  mock.timers.enable({ apis: ['Date'], now: exp * 1000 - 1000 });
  await forAccess().verify(access);
  mock.timers.setTime(exp * 1000 + 1000);
  await assert.rejects(forAccess().verify(access), refusal('JwtExpiredError'));
});

test('tampered tokens are refused', async () => {
  const [header, payload, signature] = access.split('.');
  const decoded = part => JSON.parse(Buffer.from(part, 'base64url').toString());
  const encoded = value => Buffer.from(JSON.stringify(value)).toString('base64url');
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const kid = decoded(header).kid;
  const pem = createPublicKey({ key: jwks.keys.find(key => key.kid === kid), format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const signed = (head, make) => `${head}.${payload}.${make(`${head}.${payload}`).toString('base64url')}`;
  const flipped = Buffer.from(signature, 'base64url');
  flipped[10] ^= 1;
  const byOwn = text => sign('sha256', Buffer.from(text), own);
  const byPublicKey = text => createHmac('sha256', pem).update(text).digest();
  const more = encoded({ ...decoded(payload), scope: 'securecart/orders.write' });
  for (const [what, token, name] of [
    ['other claims', [header, more, signature].join('.'), 'JwtInvalidSignatureError'],
    ['another signature', [header, payload, flipped.toString('base64url')].join('.'), 'JwtInvalidSignatureError'],
    ['no signature', [header, payload, ''].join('.'), 'JwtParseError'],
    ['alg none', [encoded({ alg: 'none', kid }), payload, signature].join('.'), 'JwtInvalidSignatureAlgorithmError'],
    ['HS256 with the public key', signed(encoded({ alg: 'HS256', kid }), byPublicKey), 'JwtInvalidSignatureAlgorithmError'],
    ['another key under this name', signed(header, byOwn), 'JwtInvalidSignatureError'],
    ['an unknown key', signed(encoded({ alg: 'RS256', kid: 'unknown' }), byOwn), 'KidNotFoundInJwksError'],
  ]) await assert.rejects(forAccess().verify(token), refusal(name), what);
});

const refusal = name => error => error.constructor.name === name || assert.fail(`${error.constructor.name}: ${error.message}`);
