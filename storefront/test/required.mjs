// What is different where everybody needs a second factor.
import { password } from './shop.mjs';
import { setPhoneNumber } from './staff.mjs';

let email;
let authenticator;

async function signIn(shop) {
  await shop.page.goto(`${shop.url}/sign-in`);
  await shop.field('E-mail').fill(email);
  await shop.field('Password').fill(password);
  await shop.button('Sign in').click();
}

export const steps = {
  async 'Rosa signs up, and turns back twice when she is to set up an authenticator'(shop) {
    email = shop.newEmail('rosa');
    await shop.signUp('Rosa', email);
    await shop.confirmAddress(email);
    for (const again of [true, false]) {
      await shop.authenticator(email);
      await shop.button('Cancel').click();
      await shop.dialog().waitFor({ state: 'detached' });
      if (again) await shop.button('Confirm').click();
    }
    await shop.link('Sign in').waitFor();
    shop.browser.expect();
  },

  async 'Rosa sets it up to sign in: a wrong code, then the right one'(shop) {
    await signIn(shop);
    authenticator = await shop.authenticator(email);
    await shop.confirm('000000');
    await shop.says('That code is wrong.');
    shop.browser.expect('VerifySoftwareToken 400');
    await shop.confirm(await authenticator.next());
    await shop.says('Welcome, Rosa.');
    shop.browser.expect();
  },

  async 'Rosa orders, and is asked for password and code, and for no other authenticator'(shop) {
    await shop.at('Everything in the shop');
    await shop.addToCart('Brass pen');
    await shop.link(/^Cart/).click();
    await shop.button('Place the order').click();
    await shop.asks('Confirm that it is you');
    await shop.field('Password').fill(password);
    await shop.button('Go on').click();
    await shop.asks('Enter your code');
    await shop.confirm(await authenticator.next());
    await shop.at('Your orders');
    await shop.link('Account').click();
    await shop.button('Sign out').click();
    await shop.says('You are signed out.');
    shop.browser.expect();
  },

  async 'Sam, whose phone number the shop knows, signs in with the code that is sent there'(shop) {
    const number = `+49151${Math.floor(1e7 + Math.random() * 9e7)}`;
    email = shop.newEmail('sam');
    await shop.signUp('Sam', email);
    await setPhoneNumber(shop, email, number);
    await shop.confirmAddress(email);
    await shop.asks('Enter your code');
    await shop.confirm('000000');
    await shop.says('That code is wrong.');
    shop.browser.expect('RespondToAuthChallenge 400');
    await shop.confirm(await shop.code(number));
    await shop.says('Welcome, Sam.');
    shop.browser.expect();
  },
};
