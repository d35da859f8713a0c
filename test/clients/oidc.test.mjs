import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { ErrorResponse } from 'oidc-client-ts';
import { customer, enrol, proven } from './customer.mjs';
import { callback, client, scope } from './oidc.mjs';
import { claims, outputs, password, webOrigin } from './stage.mjs';
import { Visitor } from './visitor.mjs';

const refusal = code => error => error instanceof ErrorResponse && error.error === code;

// Signs in with a password, and returns the address with the code.
async function signInAt(visitor, request, email) {
  await visitor.visit(request.url);
  return visitor.submit({ username: email, password });
}

test('code flow with PKCE: tokens, claims, user info', async () => {
  const [oidc, email] = [client(), await customer()];
  const request = await oidc.createSigninRequest({ state: { from: '/cart' } });
  assert.equal(new URL(request.url).searchParams.get('code_challenge_method'), 'S256');
  const answer = await signInAt(new Visitor(), request, email);
  assert.equal(answer.origin + answer.pathname, callback);
  const user = await oidc.processSigninResponse(answer.href);
  assert.deepEqual(user.userState, { from: '/cart' });
  assert.equal(user.profile.email, email);
  assert.equal(claims(user.access_token).scope.split(' ').sort().join(' '), scope.split(' ').sort().join(' '));
  const orders = await fetch(`${outputs.ApiUrl}orders`, { headers: { Authorization: `Bearer ${user.access_token}` } });
  assert.deepEqual(await orders.json(), { orders: [] });
});

test('a code works once, with the verifier of its own request only', async () => {
  const [oidc, email] = [client(), await customer()];
  const answer = await signInAt(new Visitor(), await oidc.createSigninRequest({}), email);
  const redeem = (code, verifier) => fetch(`${outputs.ManagedLoginUrl}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code', client_id: outputs.WebClientId, redirect_uri: callback, code, code_verifier: verifier,
    }),
  });
  const stolen = await redeem(answer.searchParams.get('code'), 'a'.repeat(43));
  assert.deepEqual([stolen.status, (await stolen.json()).error], [400, 'invalid_grant']);
  await assert.rejects(oidc.processSigninResponse(answer.href), refusal('invalid_grant'));
});

test('managed login asks for a second factor', async () => {
  const jane = await proven();
  const { email } = jane;
  const { authenticator } = await enrol(jane);
  const [oidc, visitor] = [client(), new Visitor()];
  assert.equal(await signInAt(visitor, await oidc.createSigninRequest({}), email), undefined, 'no code before the second factor');
  visitor.says('Enter your code');
  assert.equal(await visitor.submit({ code: '000000' }), undefined, 'no code for a wrong one');
  const user = await oidc.processSigninResponse((await visitor.submit({ code: await authenticator.next() })).href);
  assert.equal(user.profile.email, email);
  assert.ok(!claims(user.access_token).scope.includes('write'), 'managed login never steps up');
});

test('a wrong password, an unregistered address and an unknown scope yield no code', async () => {
  const [oidc, visitor, email] = [client(), new Visitor(), await customer()];
  await visitor.visit((await oidc.createSigninRequest({})).url);
  assert.equal(await visitor.submit({ username: email, password: 'Wrong-password-7' }), undefined);
  visitor.says('Incorrect username or password.');
  const elsewhere = (await client({ redirect_uri: 'https://evil.example/' }).createSigninRequest({})).url;
  const refused = await fetch(elsewhere, { redirect: 'manual' });
  assert.deepEqual([refused.status, refused.headers.get('location')], [400, null]);
  const greedy = client({ scope: `${scope} securecart/orders.write` });
  const answer = await visitor.visit((await greedy.createSigninRequest({})).url);
  await assert.rejects(greedy.processSigninResponse(answer.href), refusal('invalid_scope'));
});

test('the session cookie signs in again; refresh rotates; revocation ends it', async () => {
  const [oidc, visitor, email] = [client(), new Visitor(), await customer()];
  await signInAt(visitor, await oidc.createSigninRequest({}), email);
  const answer = await visitor.visit((await oidc.createSigninRequest({})).url);
  const user = await oidc.processSigninResponse(answer.href);
  const state = { refresh_token: user.refresh_token, id_token: user.id_token, session_state: null, scope, profile: user.profile };
  const renewed = await oidc.useRefreshToken({ state });
  assert.equal(renewed.profile.sub, user.profile.sub);
  assert.notEqual(renewed.refresh_token, user.refresh_token);
  await oidc.revokeToken(renewed.refresh_token, 'refresh_token');
  await assert.rejects(oidc.useRefreshToken({ state: { ...state, refresh_token: renewed.refresh_token } }), refusal('invalid_grant'));
});

// What providers return, and what the pool makes of it. What they say about the address is not asked for: it recovers no
// account.
const grace = { email: 'grace@example.com', name: 'Grace Hopper', picture: 'https://pictures.example/grace' };
const named = { given_name: 'Grace', family_name: 'Hopper' };
const { email: address, ...pictured } = grace;
const xmlsoap = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';
const providers = {
  Google: { subject: 'sub', returned: { ...grace, ...named, email_verified: 'true' }, mapped: { ...pictured, ...named } },
  Okta: { type: 'OIDC', subject: 'sub', returned: { ...grace, ...named }, mapped: { ...pictured, ...named } },
  Facebook: {
    subject: 'id', returned: { ...grace, first_name: 'Grace', last_name: 'Hopper' },
    // The Graph API has an object for it.
    mapped: { ...pictured, ...named, picture: JSON.stringify({ data: { height: 50, is_silhouette: false, url: grace.picture, width: 50 } }) },
  },
  SignInWithApple: { subject: 'sub', returned: { email: address, firstName: 'Grace', lastName: 'Hopper' }, mapped: named },
  LoginWithAmazon: { subject: 'user_id', returned: { email: address, name: grace.name }, mapped: { name: grace.name } },
  Partner: {
    type: 'SAML', subject: 'NameID', mapped: { name: grace.name, ...named },
    returned: {
      [`${xmlsoap}/emailaddress`]: address, [`${xmlsoap}/name`]: grace.name,
      [`${xmlsoap}/givenname`]: 'Grace', [`${xmlsoap}/surname`]: 'Hopper',
    },
  },
};

for (const [provider, { type = provider, subject, returned, mapped }] of Object.entries(providers)) {
  test(`${provider} signs in, and the pool maps what it says, the address to an attribute of its own`, async () => {
    const [oidc, visitor] = [client(), new Visitor()];
    const request = await oidc.createSigninRequest({ extraQueryParams: { identity_provider: provider } });
    await visitor.visit(request.url);
    visitor.says(`This page stands in for ${provider}.`);
    const userId = String(Math.floor(Math.random() * 1e15));
    const user = await oidc.processSigninResponse((await visitor.submit({ ...returned, [subject]: userId })).href);
    const { email, 'custom:provider_email': told, name, picture, given_name, family_name, identities: [identity] } = claims(user.id_token);
    assert.deepEqual(JSON.parse(JSON.stringify({ email, told, name, picture, given_name, family_name })), { told: address, ...mapped });
    assert.deepEqual([identity.providerName, identity.providerType, identity.userId], [provider, type, userId]);
    const links = await fetch(`${outputs.ApiUrl}links`, { headers: { Authorization: `Bearer ${user.access_token}` } });
    assert.deepEqual(await links.json(), { signIn: 'provider', provider, factor: 'none', canBuy: false, links: [] });
  });
}

test('somebody who turns back at a provider comes to the app with the reason', async () => {
  const [oidc, visitor] = [client(), new Visitor()];
  const request = await oidc.createSigninRequest({ extraQueryParams: { identity_provider: 'Google' } });
  await visitor.visit(request.url);
  const answer = await visitor.press('Cancel');
  await assert.rejects(oidc.processSigninResponse(answer.href), refusal('access_denied'));
});

// Cognito's own names for what OpenID Connect has others: https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
test('logout ends the session cookie, and leads back', async () => {
  const [oidc, visitor, email] = [client(), new Visitor(), await customer()];
  await signInAt(visitor, await oidc.createSigninRequest({}), email);
  const { url } = await oidc.createSignoutRequest({ extraQueryParams: { client_id: outputs.WebClientId, logout_uri: `${webOrigin}/` } });
  assert.equal((await visitor.visit(url)).href, `${webOrigin}/`);
  assert.equal(await visitor.visit((await oidc.createSigninRequest({})).url), undefined, 'one has to sign in again');
});
