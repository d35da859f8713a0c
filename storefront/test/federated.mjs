import { strict as assert } from 'node:assert';
import { password } from './shop.mjs';

export const steps = {
  async 'Ada signs in with Google'(shop) {
    await shop.page.goto(`${shop.url}/sign-in?next=/orders`);
    await shop.button('Continue with Google').click();
    await shop.page.waitForURL(url => url.origin === shop.config.ManagedLoginUrl);
    await shop.button('Continue').click();
    await shop.at('Your orders');
    await shop.says('Welcome, Ada Lovelace.');
    assert.equal(new URL(shop.page.url()).search, '', 'the code of managed login is not in the address any more');
    shop.browser.expect();
  },

  async 'Ada has no password here, and is told so when she orders'(shop) {
    await shop.link('Shop').click();
    await shop.at('Everything in the shop');
    await shop.addToCart('Desk lamp');
    await shop.link(/^Cart/).click();
    await shop.button('Place the order').click();
    await shop.says('You signed in with Google');
    await shop.browser.look('federated');
    shop.browser.expect();
  },

  async 'Ada signs out, at managed login as well'(shop) {
    await shop.link('Account').click();
    const [logout] = await Promise.all([
      shop.page.waitForRequest(request => request.url().startsWith(`${shop.config.ManagedLoginUrl}/logout?`)),
      shop.button('Sign out').click(),
    ]);
    assert.equal(new URL(logout.url()).searchParams.get('logout_uri'), `${shop.url}/`);
    await shop.at('Everything in the shop');
    await shop.link('Sign in').waitFor();
    shop.browser.expect();
  },

  async 'Grace signs in with Facebook, and her account says so'(shop) {
    await shop.link('Sign in').click();
    await shop.button('Continue with Facebook').click();
    await shop.page.waitForURL(url => url.origin === shop.config.ManagedLoginUrl);
    const returned = { id: '20000000000000002', email: 'grace@example.com', first_name: 'Grace', last_name: 'Hopper', name: 'Grace Hopper' };
    for (const [name, value] of Object.entries(returned)) await shop.page.locator(`input[name=${name}]`).fill(value);
    await shop.button('Continue').click();
    await shop.says('Welcome, Grace Hopper.');
    await shop.link('Account').click();
    await shop.at('Your account');
    await shop.page.getByText('You sign in with Facebook.').waitFor();
    await shop.page.getByText('grace@example.com').waitFor();
    assert.equal(await shop.page.getByText('verified').count(), 0, 'Facebook does not say that the address is hers');
    assert.equal(await shop.field('Name').inputValue(), 'Grace Hopper');
    await shop.button('Sign out').click();
    await shop.at('Everything in the shop');
    await shop.link('Sign in').waitFor();
    shop.browser.expect();
  },

  async 'Lin signs up and in at managed login'(shop) {
    const email = shop.newEmail('lin');
    await shop.link('Sign in').click();
    await shop.button('Use managed login').click();
    await shop.link('Create an account').click();
    await shop.field('E-mail').fill(email);
    await shop.field('New password').fill(password);
    await shop.button('Create the account').click();
    await shop.field('Code').fill(await shop.code(email));
    await shop.button('Confirm').click();
    await shop.field('Password').fill(password);
    await shop.button('Sign in').click();
    await shop.says(`Welcome, ${email}.`);
    shop.browser.expect();
  },

  async 'whoever turns back at managed login is told'(shop) {
    await shop.page.goto(`${shop.url}/account`);
    await shop.button('Sign out').click();
    await shop.link('Sign in').click();
    await shop.button('Continue with Facebook').click();
    await shop.page.waitForURL(url => url.origin === shop.config.ManagedLoginUrl);
    await shop.page.goBack();
    await shop.at('Sign in');
    await shop.button('Continue with Facebook').click();
    await shop.page.waitForURL(url => url.origin === shop.config.ManagedLoginUrl);
    await shop.page.goto(`${shop.url}/signed-in?error=access_denied&error_description=User+cancelled`);
    await shop.page.getByText('User cancelled').waitFor();
    await shop.browser.look('turned-back');
    shop.browser.expect();
  },
};
