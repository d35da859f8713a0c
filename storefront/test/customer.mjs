import { strict as assert } from 'node:assert';
import { password } from './shop.mjs';

let email;
let authenticator;

export const steps = {
  async 'Jane signs up, confirms her address, and is back at her cart'(shop) {
    email = shop.newEmail('jane');
    await shop.page.goto(`${shop.url}/sign-in?next=/cart`);
    await shop.link('Create an account').click();
    await shop.at('Create an account');
    await shop.browser.look('sign-up');
    await shop.field('Name').fill('Jane Doe');
    await shop.field('E-mail').fill(email);
    await shop.field('Password').fill('correct-horse-7');
    await shop.button('Create the account').click();
    await shop.says(/Password did not conform/);
    shop.browser.expect('SignUp 400');
    await shop.field('Password').fill(password);
    await shop.button('Create the account').click();
    await shop.page.getByRole('heading', { name: 'Confirm your address' }).waitFor();
    await shop.browser.look('confirm');
    await shop.field('Code').fill(await shop.code(email));
    await shop.button('Confirm').click();
    await shop.at('Your cart');
    await shop.says('Welcome, Jane Doe.');
    shop.browser.expect();
  },

  async 'Jane has no orders'(shop) {
    await shop.link('Orders').click();
    await shop.at('Your orders');
    await shop.page.getByText('You have not ordered anything yet.').waitFor();
    shop.browser.expect();
  },

  async 'Jane orders: a wrong password, then the right one'(shop) {
    await shop.link(/^Cart/).click();
    await shop.at('Your cart');
    await shop.button('Place the order').click();
    await shop.asks('Confirm that it is you');
    await shop.browser.look('step-up');
    await shop.field('Password').fill('not-her-password');
    await shop.button('Go on').click();
    await shop.says('Incorrect username or password.');
    shop.browser.expect('RespondToAuthChallenge 400');
    await shop.field('Password').fill(password);
    await shop.button('Go on').click();
    authenticator = await shop.authenticator(email);
    await shop.browser.look('enrol');
    shop.browser.expect();
  },

  async 'Jane sets up an authenticator: a wrong code, then the right one, then the next'(shop) {
    await shop.confirm('000000');
    await shop.says('That code is wrong.');
    shop.browser.expect('VerifySoftwareToken 400');
    await shop.confirm(await authenticator.next());
    await shop.asks('Enter your code');
    await shop.browser.look('code');
  },

  async 'the answer to her order is lost; trying again places no second one'(shop) {
    let lost = false;
    await shop.page.route('**/orders', async route => {
      if (lost || route.request().method() !== 'POST') return route.continue();
      lost = true;
      const response = await route.fetch();
      assert.equal(response.status(), 201, 'the shop has placed the order');
      return route.abort('connectionreset');
    });
    const requests = await shop.during('POST', '/orders', async () => {
      await shop.confirm(await authenticator.next());
      await shop.says('There is no connection to the shop.');
      shop.browser.expect('POST /v1/orders failed');
      await shop.browser.look('connection-lost');
      await shop.button('Place the order').click();
      await shop.at('Your orders');
    });
    await shop.page.unroute('**/orders');
    await shop.says('Thank you. Your order of €206.80 is placed.');
    assert.equal(await shop.page.locator('.order-card').count(), 1, 'orders placed');
    const keys = requests.map(request => request.headers()['idempotency-key']);
    assert.equal(keys.length, 2);
    assert.equal(keys[0], keys[1], 'both tries have the same Idempotency-Key');
    assert.equal(requests[0].postData(), requests[1].postData(), 'both tries have the same body');
    await shop.browser.look('orders');
    shop.browser.expect();
  },

  async 'Jane changes her name and how she pays, without proving it again'(shop) {
    await shop.link('Account').click();
    await shop.at('Your account');
    await shop.browser.look('account');
    await shop.field('Name').fill('Jane Roe');
    await shop.button('Save the name').click();
    await shop.says('Your name is saved.');
    await shop.field('Mastercard, test card').check();
    await shop.button('Save the payment method').click();
    await shop.says('Your payment method is saved.');
    shop.browser.expect();
  },

  async 'a name that the shop does not take is told apart'(shop) {
    await shop.field('Name').fill('x'.repeat(200));
    await shop.button('Save the name').click();
    await shop.says(/name must be 1 to 128 characters/);
    shop.browser.expect('PUT /v1/profile 422');
  },

  async 'a step-up that the shop does not take leads to another one'(shop) {
    const accessToken = await shop.stored('accessToken');
    // What the shop answers to it is what it answers to an old step-up.
    await shop.page.route('**/payment-method', route => route.request().method() === 'PUT'
      ? route.continue({ headers: { ...route.request().headers(), authorization: `Bearer ${accessToken}` } })
      : route.continue());
    await shop.button('Save the payment method').click();
    await shop.asks('Confirm that it is you');
    shop.browser.expect('PUT /v1/payment-method 401');
    await shop.page.unroute('**/payment-method');
    await shop.button('Cancel').click();
    await shop.dialog().waitFor({ state: 'detached' });
    shop.browser.expect();
  },

  async 'what Jane has changed is there when the page is loaded anew'(shop) {
    await shop.page.reload();
    await shop.at('Your account');
    assert.equal(await shop.field('Name').inputValue(), 'Jane Roe');
    shop.browser.expect();
  },

  async 'Jane signs out, and in again with password and code'(shop) {
    await shop.button('Sign out').click();
    await shop.says('You are signed out.');
    await shop.page.goto(`${shop.url}/orders`);
    await shop.says('Sign in first.');
    await shop.page.locator('main').getByRole('link', { name: 'Sign in' }).click();
    await shop.field('E-mail').fill(email);
    await shop.field('Password').fill(password);
    await shop.button('Sign in').click();
    await shop.asks('Enter your code');
    await shop.confirm(await authenticator.next());
    await shop.at('Your orders');
    await shop.says('Welcome, Jane Roe.');
    assert.equal(await shop.page.locator('.order-card').count(), 1, 'her order is still there');
    shop.browser.expect();
  },

  async 'a session that was ended elsewhere is over here, too'(shop) {
    const token = await shop.stored('refreshToken');
    await shop.users('RevokeToken', { ClientId: shop.config.WebClientId, Token: token });
    // The access token is good for an hour. A clock that is two hours behind makes Amplify ask for another now.
    await shop.page.evaluate(() => {
      localStorage.setItem(Object.keys(localStorage).find(key => key.endsWith('.clockDrift')), String(2 * 60 * 60 * 1000));
    });
    await shop.link('Account').click();
    await shop.says('Your session has ended. Sign in again.');
    await shop.link('Sign in').first().waitFor();
    shop.browser.expect('GetTokensFromRefreshToken 400', 'GetCredentialsForIdentity 400');
  },

  async 'an address that was not confirmed is confirmed at the first sign-in'(shop) {
    const joe = shop.newEmail('joe');
    await shop.signUp('Joe', joe);
    await shop.page.goto(`${shop.url}/sign-in`);
    await shop.field('E-mail').fill(joe);
    await shop.field('Password').fill(password);
    await shop.button('Sign in').click();
    await shop.field('Code').waitFor();
    shop.browser.expect('RespondToAuthChallenge 400');
    await shop.button('Send another code').click();
    await shop.says('Another code is on its way.');
    await shop.confirmAddress(joe);
    await shop.says('Welcome, Joe.');
    shop.browser.expect();
  },

  async 'tokens that the stage does not know are dropped'(shop) {
    await shop.page.evaluate(() => {
      const key = Object.keys(localStorage).find(each => each.endsWith('.idToken'));
      localStorage.setItem(key, `${localStorage.getItem(key).slice(0, -8)}AAAAAAAA`);
    });
    await shop.page.goto(`${shop.url}/orders`);
    await shop.says('Sign in first.');
    shop.browser.expect('GetId 400');
  },
};
