// The code of docs/clients.md, as a front end would use it, one customer after the other: Amplify has one session.
import { strict as assert } from 'node:assert';
import { before, test } from 'node:test';
import { fetchAuthSession } from 'aws-amplify/auth';
import { Authenticator } from '../storefront/test/authenticator.mjs';
import { api, checkout, config, signed, signIn, stepUp } from './documentation.mjs';
import { code, newEmail, outputs, password } from './stage.mjs';

let email;
let authenticator;
let token;
let sku;

const nobody = { code: () => assert.fail('asked for a code'), scan: () => assert.fail('asked to enrol') };
const answering = {
  code: async problem => problem ? authenticator.next() : '000000',
  scan: async ({ text, uri }, problem) => {
    assert.equal(uri.searchParams.get('secret'), text);
    authenticator ??= new Authenticator(text);
    return problem ? authenticator.next() : '000000';
  },
};
const refused = (kind, status) => error => error instanceof kind && error.status === status && error.problem.requestId !== '';

before(() => config.configure(outputs));

async function register() {
  email = newEmail();
  await signIn.register(email, password, 'Jane Doe');
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
  await signIn.confirm(email, await code(email));
  await signIn.withPassword(email, password, nobody);
  assert.deepEqual(await signIn.customer(), { email, name: 'Jane Doe', provider: undefined });
  assert.deepEqual(await api.orders(outputs), { orders: [] });
  assert.equal((await api.profile(outputs)).email, email);
  await assert.rejects(signed.picture(outputs, 'products/none.webp'), /picture products\/none.webp: 40[34]/);
});

test('the Web token changes nothing', async () => {
  const access = await signIn.accessToken();
  await assert.rejects(checkout.checkout(outputs, access, checkout.newKey(), [{ sku, quantity: 1 }]), refused(api.StepUpNeeded, 401));
  await assert.rejects(checkout.changePayment(outputs, access, 'pm_1Nv0FGQ9RKHgCVdK'), refused(api.StepUpNeeded, 401));
});

test('stepping up: nothing without a factor, all of it with one', async () => {
  assert.equal(await stepUp.stepUp(outputs, email, password, nobody), undefined);
  await assert.rejects(stepUp.stepUp(outputs, email, 'Wrong-password-7', nobody), error => error.name === 'NotAuthorizedException');
  await stepUp.enrol(outputs, email, password, answering);
  token = await stepUp.stepUp(outputs, email, password, answering);
  assert.ok(token);
  assert.equal((await signIn.customer()).email, email, 'the customer is still signed in to the Web client');
});

test('checkout is the same however often it is sent', async () => {
  const key = checkout.newKey();
  const first = await checkout.checkout(outputs, token, key, [{ sku, quantity: 2 }]);
  assert.deepEqual(await checkout.checkout(outputs, token, key, [{ sku, quantity: 2 }]), first);
  await assert.rejects(checkout.checkout(outputs, token, key, [{ sku, quantity: 3 }]), refused(api.Refused, 422));
  assert.deepEqual((await api.orders(outputs)).orders, [first]);
});

test('profile and payment method change', async () => {
  await checkout.changeProfile(outputs, token, { name: 'Jane Roe' });
  assert.equal((await api.profile(outputs)).name, 'Jane Roe');
  await checkout.changePayment(outputs, token, 'pm_1Nv0FGQ9RKHgCVdK');
  await assert.rejects(checkout.changePayment(outputs, token, '4242424242424242'), refused(api.Refused, 422));
});

test('leaving everywhere ends this session, too', async () => {
  await signIn.leave();
  await register(); // The authenticator has no third code yet.
  await signIn.confirm(email, await code(email));
  await signIn.withPassword(email, password, nobody);
  assert.ok((await signed.products(outputs)).products.length > 0, 'with AWS credentials of the customer');
  await stepUp.leaveEverywhere(outputs, email, password, nobody);
  await assert.rejects(fetchAuthSession({ forceRefresh: true }), error => error.name === 'NotAuthorizedException');
  await signIn.leave();
  assert.equal(await signIn.customer(), undefined);
  assert.ok((await signed.products(outputs)).products.length > 0, 'a guest again');
});
