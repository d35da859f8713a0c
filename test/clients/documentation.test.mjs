// The code of docs/clients.md, as a front end would use it, one customer after the other: Amplify has one session.
import { strict as assert } from 'node:assert';
import { before, test } from 'node:test';
import { fetchAuthSession } from 'aws-amplify/auth';
import { Authenticator } from '../../local/storefront/test/authenticator.mjs';
import { administer } from '../../local/storefront/test/staff.mjs';
import { api, checkout, config, links, proof, settings, signed, signIn, stepUp } from './documentation.mjs';
import { code, newEmail, outputs, password } from './stage.mjs';

let email;
let authenticator;
let proven;
let token;
let sku;

const nobody = {
  code: () => assert.fail('asked for a code'), scan: () => assert.fail('asked to enrol'), choose: () => assert.fail('asked for a password'),
};
// Answers wrongly before answering rightly.
const answering = {
  ...nobody,
  code: async problem => problem ? authenticator.next() : '000000',
  scan: async ({ text, uri }, problem) => {
    assert.equal(uri.searchParams.get('secret'), text);
    if (!problem) authenticator = new Authenticator(text);
    return problem ? authenticator.next() : '000000';
  },
};
const refused = (kind, status) => error => error instanceof kind && error.status === status && error.problem.requestId !== '';
const unproven = error => error instanceof settings.ProofNeeded;
const stranger = () => ({ ...proven, verifier: 'A'.repeat(43) });

before(() => config.configure(outputs));

async function register() {
  email = newEmail();
  await signIn.register(email, password);
}

async function recover(newPassword) {
  await proof.forgot(email);
  proven = await proof.recover(email, await code(email), newPassword);
}

test('a guest reads products, page by page, and no orders', async () => {
  assert.equal(await signIn.customer(), undefined);
  const { products, nextCursor } = await signed.products(outputs, { limit: '2' });
  assert.equal(products.length, 2);
  const { products: [next] } = await signed.products(outputs, { limit: '1', cursor: nextCursor });
  assert.ok(!products.some(product => product.sku === next.sku));
  const { products: some } = await signed.products(outputs, { category: products[0].category });
  assert.ok(some.every(product => product.category === products[0].category));
  await assert.rejects(signed.products(outputs, { limit: '0' }), refused(api.Refused, 400));
  await assert.rejects(api.orders(outputs), error => error.name === 'UserUnAuthenticatedException');
  [{ sku }] = products;
});

test('signing up, confirming and signing in', async () => {
  await register();
  await signIn.resend(email);
  await assert.rejects(signIn.withPassword(email, password, nobody), error => error.name === 'CONFIRM_SIGN_UP');
  proven = await proof.confirm(email, await code(email), password);
  assert.match(proven.verifier, /^[\w-]{43}$/);
  await signIn.withPassword(email, password, nobody);
  const { id, ...others } = await signIn.customer();
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.deepEqual(others, { email, name: email });
  assert.deepEqual(await api.orders(outputs), { orders: [] });
  assert.deepEqual(await api.profile(outputs), {});
  assert.deepEqual(await links.standing(outputs), { signIn: 'password', factor: 'none', canBuy: false, links: [] });
  await assert.rejects(signed.picture(outputs, 'products/none.webp'), /picture products\/none.webp: 40[34]/);
});

test('the Web token changes nothing, and an account with a password makes no offer', async () => {
  const access = await signIn.accessToken();
  await assert.rejects(checkout.checkout(outputs, access, checkout.newKey(), [{ sku, quantity: 1 }]), refused(api.StepUpNeeded, 401));
  await assert.rejects(checkout.changePayment(outputs, access, 'pm_1Nv0FGQ9RKHgCVdK'), refused(api.StepUpNeeded, 401));
  await assert.rejects(links.offer(outputs), refused(api.Refused, 409));
});

test('nobody steps up or opens the settings by the password alone', async () => {
  assert.equal(await stepUp.stepUp(outputs, email, password, nobody), undefined);
  assert.equal(await stepUp.stepUp(outputs, email, password, nobody, proven.verifier), undefined, 'the verifier is no factor');
  await assert.rejects(settings.inSettings(outputs, stranger(), nobody, () => assert.fail('opened')), unproven);
  await assert.rejects(stepUp.protect(outputs, stranger(), nobody), unproven);
  await assert.rejects(stepUp.stepUp(outputs, email, 'Wrong-password-7', nobody), error => error.name === 'NotAuthorizedException');
});

// What the user pool is asked while something is done: operation, client, challenge, and whether the verifier goes along.
// The first request of the operation "lost" does not arrive.
async function asked(action, lost) {
  const { fetch } = globalThis;
  const seen = [];
  globalThis.fetch = (url, init) => {
    const operation = new Headers(init?.headers).get('x-amz-target')?.split('.').pop();
    const { ClientId, ChallengeName, ClientMetadata } = operation ? JSON.parse(init.body) : {};
    const [client] = Object.entries(outputs).find(([, value]) => value === ClientId) ?? [];
    seen.push([operation, client, ChallengeName, ClientMetadata?.proof_verifier === proven.verifier].filter(Boolean).join(' '));
    if (operation && operation === lost) {
      lost = undefined;
      return Promise.reject(new TypeError('fetch failed'));
    }
    return fetch(url, init);
  };
  try {
    await action();
  } finally {
    globalThis.fetch = fetch;
  }
  return seen;
}

test('a proven mailbox leads to a factor, and its next code to a token; the verifier goes with nothing else at StepUp', async () => {
  const seen = await asked(async () => { token = await stepUp.protect(outputs, proven, answering); }, 'RevokeToken');
  const atStepUp = seen.filter(call => call.includes('StepUpClientId'));
  const sealing = 'RespondToAuthChallenge StepUpClientId SOFTWARE_TOKEN_MFA true';
  assert.equal(atStepUp.at(-1), sealing);
  assert.ok(atStepUp.filter(call => call.endsWith('true')).every(call => call === sealing), atStepUp.join('\n'));
  assert.ok(seen.includes('RespondToAuthChallenge AccountClientId PASSWORD_VERIFIER true'));
  const revoked = seen.lastIndexOf('RevokeToken AccountClientId');
  assert.ok(revoked > 0 && revoked < seen.indexOf(sealing), 'the Account session is revoked before the seal');
  assert.equal(seen.filter(call => call.startsWith('RevokeToken')).length, 2, 'a request that is lost is sent again');
  assert.equal((await signIn.customer()).email, email, 'the customer is still signed in to the Web client');
  assert.deepEqual(await links.standing(outputs), { signIn: 'password', factor: 'sealed', canBuy: true, links: [] });
});

test('checkout is the same however often it is sent', async () => {
  const key = checkout.newKey();
  const first = await checkout.checkout(outputs, token, key, [{ sku, quantity: 2 }]);
  assert.deepEqual(await checkout.checkout(outputs, token, key, [{ sku, quantity: 2 }]), first);
  await assert.rejects(checkout.checkout(outputs, token, key, [{ sku, quantity: 3 }]), refused(api.Refused, 422));
  assert.deepEqual((await api.orders(outputs)).orders, [first]);
});

test('profile and payment method change; an empty text removes', async () => {
  await checkout.changeProfile(outputs, token, { name: 'Jane Roe', locale: 'de-CH' });
  assert.deepEqual(await api.profile(outputs), { name: 'Jane Roe', locale: 'de-CH' });
  await checkout.changeProfile(outputs, token, { locale: '' });
  assert.deepEqual(await api.profile(outputs), { name: 'Jane Roe' });
  await checkout.changePayment(outputs, token, 'pm_1Nv0FGQ9RKHgCVdK');
  await assert.rejects(checkout.changePayment(outputs, token, '4242424242424242'), refused(api.Refused, 422));
});

test('the phone becomes the factor: its number is verified, then its code seals it', async () => {
  await register(); // The authenticator has no third code yet.
  const number = `+49151${Math.floor(1e7 + Math.random() * 9e7)}`;
  const byPhone = { ...nobody, code: async problem => problem ? code(number) : '000000' };
  proven = await proof.confirm(email, await code(email), password);
  await settings.inSettings(outputs, proven, nobody, context => settings.setUpPhone(context, number, byPhone));
  assert.equal(await stepUp.stepUp(outputs, email, password, byPhone), undefined, 'not sealed');
  token = await stepUp.protect(outputs, proven, byPhone);
  await checkout.changePayment(outputs, token, 'pm_1Nv0FGQ9RKHgCVdK');
});

test('a reset ends this session, too, and forgetting it leads to another', async () => {
  await signIn.leave();
  await register();
  await proof.confirm(email, await code(email), password);
  await signIn.withPassword(email, password, nobody);
  assert.ok((await signed.products(outputs)).products.length > 0, 'with AWS credentials of the customer');
  await recover(`${password}8`);
  await assert.rejects(fetchAuthSession({ forceRefresh: true }), error => error.name === 'NotAuthorizedException');
  await signIn.forget(outputs);
  assert.equal(await signIn.customer(), undefined);
  assert.ok((await signed.products(outputs)).products.length > 0, 'a guest again');
  await signIn.withPassword(email, `${password}8`, nobody);
  assert.equal((await signIn.customer()).email, email);
});

test('the settings end a visit: what was begun there cannot go on', async () => {
  let kept;
  await settings.inSettings(outputs, proven, nobody, async context => { kept = context; });
  await assert.rejects(settings.setUpApp(kept, email, nobody), error => error.name === 'NotAuthorizedException');
});

test('deleting the account ends it', async () => {
  await settings.deleteAccount(outputs, proven, nobody);
  await signIn.forget(outputs);
  await assert.rejects(signIn.withPassword(email, `${password}8`, nobody), error => error.name === 'NotAuthorizedException');
});

test('an invited customer chooses a password, and comes to a proof by a reset', async () => {
  email = newEmail();
  await administer({ config: outputs }, 'AdminCreateUser', email, {
    UserAttributes: [{ Name: 'email', Value: email }, { Name: 'email_verified', Value: 'true' }], TemporaryPassword: 'Temporary-7-word',
  });
  const choose = async problem => problem ? password : 'short';
  await signIn.withPassword(email, 'Temporary-7-word', { ...nobody, choose });
  assert.equal((await links.standing(outputs)).factor, 'none');
  await recover(`${password}9`);
  assert.ok(await stepUp.protect(outputs, proven, answering));
  await signIn.forget(outputs);
});
