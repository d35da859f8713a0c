import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as oidc from 'openid-client';
import { here, login, signIn } from './person.mjs';

const callback = `${login}/oauth2/idpresponse`;

// What a client of the provider knows. Its requests go to where the stage serves the provider.
async function discover(issuer, authentication) {
  const reach = (address, options) => fetch(here(address), options);
  const client = await oidc.discovery(new URL(issuer), 'judge', undefined, authentication, { [oidc.customFetch]: reach });
  client[oidc.customFetch] = reach;
  return client;
}
const secret = () => oidc.ClientSecretPost(process.env.CLIENT_SECRET);

async function begin(client) {
  const [verifier, nonce, state] = [oidc.randomPKCECodeVerifier(), oidc.randomNonce(), oidc.randomState()];
  const address = oidc.buildAuthorizationUrl(client, {
    redirect_uri: callback, scope: 'openid email profile', state, nonce, login_hint: 'hint@example.com',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  });
  return { address, checks: { pkceCodeVerifier: verifier, expectedNonce: nonce, expectedState: state } };
}

for (const [name, issuer] of [['Google', 'https://accounts.google.com'], ['Okta', 'https://securecart.okta.com']]) {
  test(`openid-client signs in at ${name}: discovery, PKCE, ID token, user info`, async () => {
    const client = await discover(issuer, secret());
    assert.ok(client.serverMetadata().supportsPKCE());
    const { address, checks } = await begin(client);
    const { to } = await signIn(address, { sub: 'judge-1', email: 'judge@example.com' });
    assert.equal(to.origin + to.pathname, callback);
    const tokens = await oidc.authorizationCodeGrant(client, to, checks);
    const claims = tokens.claims();
    assert.deepEqual([claims.iss, claims.sub, claims.aud], [issuer, 'judge-1', ['judge']]);
    const info = await oidc.fetchUserInfo(client, tokens.access_token, 'judge-1');
    assert.equal(info.email, 'judge@example.com');
    assert.equal(claims.email, name === 'Google' ? 'judge@example.com' : undefined, 'Okta tells it on request only');
  });

  test(`${name} takes a code once, with its own verifier and secret`, async () => {
    const client = await discover(issuer, secret());
    const invalid = error => error.error === 'invalid_grant';
    const first = await begin(client);
    const { to } = await signIn(first.address, {});
    await oidc.authorizationCodeGrant(client, to, first.checks);
    await assert.rejects(oidc.authorizationCodeGrant(client, to, first.checks), invalid);
    const second = await begin(client);
    const answer = await signIn(second.address, {});
    const checks = { ...second.checks, pkceCodeVerifier: oidc.randomPKCECodeVerifier() };
    await assert.rejects(oidc.authorizationCodeGrant(client, answer.to, checks), invalid);
    const stranger = await discover(issuer, oidc.ClientSecretPost('guess'));
    const third = await begin(stranger);
    const { to: last } = await signIn(third.address, {});
    await assert.rejects(oidc.authorizationCodeGrant(stranger, last, third.checks), error => error.error === 'invalid_client');
  });
}
