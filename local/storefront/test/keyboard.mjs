import { strict as assert } from 'node:assert';
import { password } from './shop.mjs';

// A promise that is kept from elsewhere. Node has Promise.withResolvers from version 22 on.
function later() {
  let resolve;
  const promise = new Promise(keep => { resolve = keep; });
  return { promise, resolve };
}

let email;
let authenticator;

export const steps = {
  async 'Kim protects her account and orders with the keyboard alone'(shop) {
    const { page, browser } = shop;
    const { keyboard } = page;
    email = shop.newEmail('kim');
    await shop.signUp(email);
    await shop.page.reload();
    await page.goto(shop.url);
    await shop.at('Everything in the shop');
    await keyboard.press('Tab');
    await browser.tabTo(shop.link('Skip to the content'));
    await keyboard.press('Enter');
    await browser.tabTo(shop.button('Add to cart Stoneware mug'));
    await keyboard.press('Enter');
    await shop.says('Stoneware mug is in your cart.');
    await page.reload();
    await browser.tabTo(shop.link(/^Cart/));
    await keyboard.press('Enter');
    await shop.at('Your cart');
    await browser.tabTo(shop.link('Sign in to order'));
    await keyboard.press('Enter');
    await shop.at('Sign in');
    await browser.tabTo(shop.field('E-mail'));
    await keyboard.type(email);
    await keyboard.press('Tab');
    await keyboard.type(password);
    await keyboard.press('Enter');
    await shop.field('Code').waitFor();
    shop.browser.expect('RespondToAuthChallenge 400');
    await keyboard.type(await shop.code(email));
    await keyboard.press('Enter');
    await shop.at('Protect your purchases');
    await browser.tabTo(shop.button('Set up the app'));
    await keyboard.press('Enter');
    authenticator = await shop.authenticator(email);
    await keyboard.type(await authenticator.next());
    await keyboard.press('Enter');
    await shop.asks('Enter your code');
    await keyboard.type(await authenticator.next());
    await keyboard.press('Enter');
    await shop.at('Your cart');
    await browser.tabTo(shop.button('Place the order'));
    await keyboard.press('Enter');
    await shop.at('Your orders');
    await shop.says('Thank you. Your order of €14.90 is placed.');
    browser.expect();
  },

  async 'Escape closes the dialog, and nothing is ordered, not even if the last code is on its way'(shop) {
    const { page } = shop;
    // A reloaded page has no step-up.
    await page.goto(shop.url);
    await shop.addToCart('Brass pen');
    await shop.link(/^Cart/).click();
    const [asked, released] = [later(), later()];
    const requests = await shop.during('POST', '/orders', async () => {
      await shop.button('Place the order').click();
      await shop.asks('Confirm that it is you');
      await page.keyboard.press('Escape');
      await shop.dialog().waitFor({ state: 'detached' });
      await shop.browser.tabTo(shop.button('Place the order'));
      await page.keyboard.press('Enter');
      await shop.field('Password').fill(password);
      await page.keyboard.press('Enter');
      await shop.asks('Enter your code');
      await page.route(`${shop.config.Endpoints.CognitoIdp}/`, async route => {
        asked.resolve();
        await released.promise;
        await route.continue();
      });
      await page.keyboard.type(await authenticator.next());
      await page.keyboard.press('Enter');
      await asked.promise;
      await page.keyboard.press('Escape');
      released.resolve();
      await page.locator('button.primary:not(.busy)').waitFor();
      await page.unroute(`${shop.config.Endpoints.CognitoIdp}/`);
    });
    assert.equal(requests.length, 0, 'requests to POST /orders');
    await shop.button('Sign out').click();
    await shop.says('You are signed out.');
    shop.browser.expect();
  },
};
