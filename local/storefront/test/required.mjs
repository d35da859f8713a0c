// What is different where everybody needs a second factor.
import { strict as assert } from 'node:assert';
import { password } from './shop.mjs';

let email;
let authenticator;

export const steps = {
  async 'Rosa signs up, and turns back twice when she is to set up an authenticator'(shop) {
    email = shop.newEmail('rosa');
    await shop.signUp(email);
    await shop.page.getByText('We sent a code to').waitFor();
    await shop.confirmAddress(email);
    for (const again of [true, false]) {
      await shop.authenticator(email);
      await shop.button('Cancel').click();
      await shop.dialog().waitFor({ state: 'detached' });
      if (again) await shop.button('Confirm').click();
    }
    await shop.link('Sign in').first().waitFor();
    shop.browser.expect();
  },

  async 'Rosa sets it up to sign in: a wrong code, then the right one'(shop) {
    await shop.signIn(email);
    authenticator = await shop.authenticator(email);
    await shop.confirm('000000');
    await shop.says('That code is wrong.');
    shop.browser.expect('VerifySoftwareToken 400');
    await shop.confirm(await authenticator.next());
    await shop.says(`Welcome, ${email}.`);
    shop.browser.expect();
  },

  async 'the factor does not count yet, and Rosa, whose page has forgotten the proof, is told how it comes to'(shop) {
    await shop.page.goto(shop.url);
    await shop.at('Everything in the shop');
    await shop.addToCart('Brass pen');
    await shop.link(/^Cart/).click();
    await shop.page.getByText('your second factor has to be confirmed once more').waitFor();
    await shop.link('Confirm it').click();
    await shop.button('Confirm it').click();
    await shop.proveMailbox(email, 'Another-horse-8');
    // It was never confirmed, so the new password has removed it.
    authenticator = await shop.setUpApp(email);
    await shop.at('Your cart');
    shop.browser.expect();
  },

  async 'Rosa orders, and later with password and code, and no other authenticator'(shop) {
    await shop.button('Place the order').click();
    await shop.at('Your orders');
    await shop.page.goto(shop.url);
    await shop.addToCart('Brass pen');
    await shop.link(/^Cart/).click();
    await shop.button('Place the order').click();
    await shop.givePassword('Another-horse-8');
    await shop.asks('Enter your code');
    await shop.confirm(await authenticator.next());
    await shop.at('Your orders');
    assert.equal(await shop.page.locator('.order-card').count(), 2);
    await shop.toSecurity();
    await shop.at('Your security');
    assert.equal(await shop.field('Phone number').count(), 0, 'this stage sends no messages');
    await shop.button('Sign out').click();
    await shop.says('You are signed out.');
    shop.browser.expect();
  },

  async 'Sam signs up, and protects his purchases with the app that the sign-in has set up'(shop) {
    email = shop.newEmail('sam');
    await shop.signUp(email);
    await shop.confirmAddress(email);
    authenticator = await shop.authenticator(email);
    await shop.confirm(await authenticator.next());
    await shop.at('Protect your purchases');
    await shop.button('Confirm it').click();
    await shop.asks('Enter your code');
    await shop.confirm(await authenticator.next());
    await shop.says('Your purchases are protected.');
    assert.equal(password.length > Number(shop.config.PasswordLength), true);
    shop.browser.expect();
  },
};
