import { strict as assert } from 'node:assert';
import { setTimeout as sleep } from 'node:timers/promises';
import { password } from './shop.mjs';

let email;
let authenticator;

export const steps = {
  async 'Jane signs up: a weak password, then a good one, which she looks at'(shop) {
    email = shop.newEmail('jane');
    await shop.page.goto(`${shop.url}/sign-in?next=/cart`);
    await shop.link('Create an account').click();
    await shop.at('Create an account');
    await shop.browser.look('sign-up');
    const rule = `At least ${shop.config.PasswordLength} characters, with upper and lower case letters`;
    await shop.page.getByText(rule).waitFor();
    await shop.field('E-mail').fill(email);
    await shop.field('Password').fill('correct-horse-7');
    await shop.button('Create the account').click();
    await shop.says(/Password did not conform/);
    shop.browser.expect('SignUp 400');
    assert.equal(await shop.focused(), 'password', 'what was wrong has the focus');
    await shop.field('Password').fill(password);
    await shop.button('Show password').click();
    assert.equal(await shop.field('Password').getAttribute('type'), 'text');
    await shop.button('Create the account').click();
    await shop.page.getByRole('heading', { name: 'Confirm your address' }).waitFor();
    await shop.browser.look('confirm');
    shop.browser.expect();
  },

  async 'the inbox shows the code without a reload, rests while it is hidden, and leads back to the step'(shop) {
    const { page } = shop;
    const inbox = await shop.openInbox();
    await inbox.getByText(await shop.code(email), { exact: true }).waitFor();
    await shop.button('Send another code').click();
    await shop.says('Another code is on its way.');
    await inbox.locator('article').nth(1).waitFor();
    assert.equal(await inbox.locator('.code').first().innerText(), await shop.code(email), 'the newest is the first');
    await inbox.getByText('1 new message.').waitFor();
    await shop.browser.look('inbox', inbox);
    await shop.browser.setHidden(inbox, true);
    const asked = [];
    inbox.on('request', request => asked.push(request.url()));
    await sleep(4000);
    assert.deepEqual(asked, [], 'requests of a page that nobody sees');
    const asks = inbox.waitForRequest(`${shop.config.Endpoints.Inbox}/**`);
    await shop.browser.setHidden(inbox, false);
    await asks;
    const closed = inbox.waitForEvent('close');
    await inbox.getByRole('link', { name: 'Back to the shop' }).click();
    await closed;
    await shop.at('Confirm your address');
    assert.equal(await shop.field('Password').count(), 0, 'the page was not loaded anew: it knows the password');
    await page.goto(`${shop.config.Endpoints.Inbox}/`);
    await page.getByRole('link', { name: 'Back to the shop' }).click();
    await shop.at('Everything in the shop');
    await page.goto(`${shop.url}/confirm`);
    shop.browser.expect();
  },

  async 'a reload keeps the step; Jane gives the code and her password, and is led to the protection'(shop) {
    await shop.page.reload();
    await shop.page.getByRole('heading', { name: 'Confirm your address' }).waitFor();
    await shop.field('Code').fill(await shop.code(email));
    await shop.field('Password').fill(password);
    await shop.button('Confirm').click();
    await shop.at('Protect your purchases');
    await shop.says(`Welcome, ${email}.`);
    await shop.browser.look('protect');
    shop.browser.expect();
  },

  async 'she skips it, is at her cart, and told what is needed before she can order'(shop) {
    await shop.link('Not now').click();
    await shop.at('Your cart');
    await shop.page.getByText('To order, you need a second factor').waitFor();
    assert.equal(await shop.button('Place the order').count(), 0, 'a button that would not work');
    await shop.browser.look('cart-unprotected');
    shop.browser.expect();
  },

  async 'Jane has no orders'(shop) {
    await shop.link('Orders').click();
    await shop.at('Your orders');
    await shop.page.getByText('You have not ordered anything yet.').waitFor();
    shop.browser.expect();
  },

  async 'Jane sets up an authenticator: a wrong code, then the right one, then the next'(shop) {
    await shop.link(/^Cart/).click();
    await shop.link('Protect your purchases').click();
    await shop.at('Protect your purchases');
    const requests = await shop.during('POST', '/', async () => {
      await shop.button('Set up the app').click();
      authenticator = await shop.authenticator(email);
    });
    const operations = requests.map(request => request.headers()['x-amz-target']?.split('.').pop());
    assert.ok(!operations.includes('ForgotPassword'), 'the proof of the sign-up still counts');
    await shop.browser.look('enrol');
    await shop.confirm('000000');
    await shop.says('That code is wrong.');
    shop.browser.expect('VerifySoftwareToken 400');
    await shop.confirm(await authenticator.next());
    await shop.asks('Enter your code');
    await shop.dialog().getByText(/the next one comes in \d+ s/i).waitFor();
    await shop.browser.look('code');
    await shop.confirm(await authenticator.next());
    await shop.at('Your cart');
    await shop.says('Your purchases are protected.');
    shop.browser.expect();
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
      await shop.button('Place the order').click();
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
    await shop.button('Save the profile').click();
    await shop.says('Your profile is saved.');
    await shop.field('Mastercard, test card').check();
    await shop.button('Save the payment method').click();
    await shop.says('Your payment method is saved.');
    shop.browser.expect();
  },

  async 'the saved payment method is shown, also after a reload'(shop) {
    await shop.page.locator('.saved').getByText('Mastercard, test card').waitFor();
    await shop.page.reload();
    await shop.at('Your account');
    await shop.page.locator('.saved').getByText('Mastercard, test card').waitFor();
    assert.ok(await shop.field('Mastercard, test card').isChecked());
    const stored = await shop.page.evaluate(() => JSON.stringify({ ...localStorage }));
    assert.ok(!stored.includes('pm_card'), 'the token of the payment method is in no storage');
    await shop.browser.look('payment');
    shop.browser.expect();
  },

  async 'what the shop does not take is told apart, and its own field has the focus'(shop) {
    await shop.field('Address').fill('x'.repeat(600));
    await shop.button('Save the profile').click();
    await shop.givePassword();
    await shop.asks('Enter your code');
    await shop.confirm(await authenticator.next());
    await shop.says(/address must be 1 to 512 characters/);
    assert.equal(await shop.focused(), 'address');
    await shop.field('Address').fill('');
    await shop.field('Name').fill('x'.repeat(200));
    await shop.button('Save the profile').click();
    await shop.says(/name must be 1 to 128 characters/);
    assert.equal(await shop.focused(), 'name');
    assert.equal(await shop.field('Address').getAttribute('aria-invalid'), null);
    shop.browser.expect('PUT /v1/profile 422');
  },

  async 'an error that is about no field marks none'(shop) {
    await shop.intercept('**/profile', 'PUT', route => route.abort('internetdisconnected'));
    await shop.button('Save the profile').click();
    await shop.says('There is no connection to the shop.');
    assert.equal(await shop.page.locator('[aria-invalid]').count(), 0);
    await shop.page.unroute('**/profile');
    shop.browser.expect('PUT /v1/profile failed');
  },

  async 'a step-up that the shop does not take leads to another one'(shop) {
    const accessToken = await shop.stored('accessToken');
    // What the shop answers to it is what it answers to an old step-up.
    await shop.intercept('**/payment-method', 'PUT', route =>
      route.continue({ headers: { ...route.request().headers(), authorization: `Bearer ${accessToken}` } }));
    await shop.button('Save the payment method').click();
    await shop.asks('Confirm that it is you');
    shop.browser.expect('PUT /v1/payment-method 401');
    await shop.browser.look('step-up');
    await shop.givePassword('not-her-password');
    await shop.says('Incorrect username or password.');
    shop.browser.expect('RespondToAuthChallenge 400');
    await shop.page.unroute('**/payment-method');
    await shop.button('Cancel').click();
    await shop.dialog().waitFor({ state: 'detached' });
    shop.browser.expect();
  },

  async 'what Jane has changed is there when the page is loaded anew, and can be removed'(shop) {
    await shop.page.reload();
    await shop.at('Your account');
    assert.equal(await shop.field('Name').inputValue(), 'Jane Roe');
    await shop.field('Name').fill('');
    await shop.button('Save the profile').click();
    await shop.givePassword();
    await shop.asks('Enter your code');
    await shop.confirm(await authenticator.next());
    await shop.says('Your profile is saved.');
    await shop.page.reload();
    await shop.at('Your account');
    assert.equal(await shop.field('Name').inputValue(), '');
    shop.browser.expect();
  },

  async 'Jane signs out, and in again with password and code'(shop) {
    await shop.button('Sign out').click();
    await shop.says('You are signed out.');
    await shop.page.goto(`${shop.url}/account`);
    await shop.page.getByText('Sign in to see your profile, or create an account.').waitFor();
    await shop.browser.look('account-signed-out');
    await shop.page.goto(`${shop.url}/orders`);
    await shop.page.locator('main').getByRole('link', { name: 'Sign in' }).click();
    await shop.field('E-mail').fill(email);
    await shop.field('Password').fill(password);
    await shop.main('Sign in').click();
    await shop.asks('Enter your code');
    await shop.confirm(await authenticator.next());
    await shop.at('Your orders');
    await shop.says(`Welcome, ${email}.`);
    assert.equal(await shop.page.locator('.order-card').count(), 1, 'her order is still there');
    const noted = await shop.page.evaluate(() => localStorage.getItem('payment'));
    assert.equal(noted, null, 'how she pays is forgotten with the session');
    shop.browser.expect();
  },

  async 'a session that was ended elsewhere is over here, too'(shop) {
    const token = await shop.stored('refreshToken');
    await shop.users('RevokeToken', { ClientId: shop.config.WebClientId, Token: token });
    // The access token is good for an hour. A clock that is two hours behind makes Amplify ask for another now.
    await shop.page.evaluate(() => {
      const drift = Object.keys(localStorage).find(key => key.endsWith('.clockDrift'));
      localStorage.setItem(drift, String(2 * 60 * 60 * 1000));
    });
    await shop.link('Account').click();
    await shop.says('Your session has ended. Sign in again.');
    await shop.link('Sign in').first().waitFor();
    // The page asks for several things at once, and each is refused.
    await shop.browser.settled();
    shop.browser.expect('GetTokensFromRefreshToken 400', 'GetCredentialsForIdentity 400');
  },

  async 'an address that was not confirmed is confirmed at the first sign-in'(shop) {
    const joe = shop.newEmail('joe');
    await shop.signUp(joe);
    await shop.signIn(joe, 'Wrong-horse-7');
    await shop.says('Incorrect username or password.');
    assert.equal(await shop.focused(), 'password');
    await shop.field('Password').fill(password);
    await shop.main('Sign in').click();
    await shop.at('Confirm your address');
    shop.browser.expect('RespondToAuthChallenge 400');
    await shop.page.reload();
    await shop.at('Confirm your address');
    assert.equal(await shop.focused(), 'code', 'a reload keeps the step, and the code can be typed at once');
    await shop.button('Send another code').click();
    await shop.says('Another code is on its way.');
    await shop.field('Password').fill(password);
    await shop.confirmAddress(joe);
    await shop.says(`Welcome, ${joe}.`);
    await shop.at('Protect your purchases');
    shop.browser.expect();
  },

  async 'an address that has an account leads to a sign-in or a new password, and to no code'(shop) {
    await shop.button('Sign out').click();
    await shop.says('You are signed out.');
    await shop.page.goto(`${shop.url}/sign-up`);
    await shop.field('E-mail').fill(email);
    await shop.field('Password').fill(password);
    await shop.button('Create the account').click();
    await shop.says('There is an account with this address already.');
    shop.browser.expect('SignUp 400');
    assert.equal(await shop.focused(), 'email');
    assert.equal(await shop.field('Code').count(), 0);
    await shop.browser.look('account-exists');
    await shop.link('choose a new password').click();
    await shop.at('Choose a new password');
    shop.browser.expect();
  },

  async 'tokens that the stage does not know are dropped'(shop) {
    await shop.signIn(email);
    await shop.asks('Enter your code');
    await shop.confirm(await authenticator.next());
    await shop.says(`Welcome, ${email}.`);
    await shop.page.evaluate(() => {
      const key = Object.keys(localStorage).find(each => each.endsWith('.idToken'));
      localStorage.setItem(key, `${localStorage.getItem(key).slice(0, -8)}AAAAAAAA`);
    });
    await shop.page.goto(`${shop.url}/orders`);
    await shop.page.getByText('Sign in to see what you have ordered.').waitFor();
    await shop.browser.settled();
    shop.browser.expect('GetId 400');
  },
};
