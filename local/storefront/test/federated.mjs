import { strict as assert } from 'node:assert';
import { password } from './shop.mjs';
import { expire, useElsewhere } from './staff.mjs';

let ada;
let frank;
let authenticator;
let offer;
const subject = String(Math.floor(Math.random() * 1e15));

// Does what makes the page ask for an offer, and returns it.
async function offered(shop, action) {
  const isOffer = response => response.url().endsWith('/link-offers') && response.status() === 201;
  const [made] = await Promise.all([shop.page.waitForResponse(isOffer), action()]);
  return (await made.json()).offer;
}

// Somebody at the page that stands in for the provider.
async function atProvider(shop, returned) {
  await shop.page.getByText('This page stands in for').waitFor();
  for (const [name, value] of Object.entries(returned)) await shop.page.locator(`input[name=${name}]`).fill(value);
  await shop.button('Continue').click();
}
const google = () => ({ sub: subject, email: ada, given_name: 'Ada', family_name: 'Lovelace', name: 'Ada Lovelace' });

export const steps = {
  async 'Ada signs in with Google'(shop) {
    ada = shop.newEmail('ada');
    await shop.page.goto(`${shop.url}/sign-in?next=/orders`);
    await shop.at('Sign in');
    assert.deepEqual(await shop.page.locator('.ways button').allTextContents(), [
      'Continue with Google', 'Continue with Facebook', 'Continue with Okta', 'Use the sign-in page of the shop',
    ], 'the providers in the order of the config');
    await shop.button('Continue with Google').click();
    await atProvider(shop, google());
    await shop.at('Your orders');
    await shop.says('Welcome, Ada Lovelace.');
    assert.equal(new URL(shop.page.url()).search, '', 'the code of managed login is not in the address any more');
    shop.browser.expect();
  },

  async 'Ada cannot order yet, and is told in the cart, before she tries'(shop) {
    await shop.link('Shop').click();
    await shop.at('Everything in the shop');
    await shop.addToCart('Desk lamp');
    await shop.link(/^Cart/).click();
    await shop.page.getByText('Google alone lets you look around').waitFor();
    assert.equal(await shop.button('Place the order').count(), 0);
    await shop.browser.look('federated');
    await shop.link('Account').click();
    await shop.page.getByText('To change your profile or how you pay, you need a password').waitFor();
    await shop.toSecurity();
    await shop.page.getByText('You sign in with Google').waitFor();
    shop.browser.expect();
  },

  async 'she chooses a password, confirms her mailbox after a reload, and sets up an authenticator'(shop) {
    await shop.link(/^Cart/).click();
    offer = await offered(shop, () => shop.link('Set them up').click());
    await shop.at('Set up your account');
    const stored = await shop.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    assert.ok(offer && !stored.includes(offer), 'the offer is in memory only');
    await shop.browser.look('connect');
    await shop.field('Password').first().fill(password);
    await shop.main('Continue').click();
    await shop.field('Code').waitFor();
    offer = await offered(shop, () => shop.page.reload());
    const fresh = shop.page.getByRole('region', { name: 'Confirm your address' });
    await fresh.getByLabel('Password', { exact: true }).fill(password);
    await shop.field('Code').fill(await shop.code(ada));
    await shop.main('Confirm').click();
    authenticator = await shop.setUpApp(ada);
    await shop.page.getByRole('heading', { name: 'Connect Google?' }).waitFor();
    await shop.page.getByText(ada).first().waitFor();
    await shop.browser.look('connect-confirm');
    shop.browser.expect();
  },

  async 'her offer has expired: another sign-in with Google makes the next one, and nothing is lost'(shop) {
    await expire(shop, offer);
    await shop.button('Connect Google').click();
    await shop.says('The offer has expired.');
    shop.browser.expect('POST /v1/links 410');
    await shop.browser.look('connect-expired');
    await shop.button('Continue with Google').click();
    await atProvider(shop, google());
    const own = shop.page.getByRole('region', { name: 'You have an account here' });
    await own.getByLabel('Password', { exact: true }).fill(password);
    await own.getByRole('button', { name: 'Sign in' }).click();
    await shop.asks('Enter your code');
    await shop.confirm(await authenticator.next());
    await shop.page.getByRole('heading', { name: 'Connect Google?' }).waitFor();
    shop.browser.expect();
  },

  async 'she connects Google, and the order is placed without the cart being filled again'(shop) {
    await shop.button('Connect Google').click();
    await shop.page.getByRole('heading', { name: 'Google is connected' }).waitFor();
    await shop.browser.look('connected');
    await shop.button('Place the order').click();
    await shop.says(/Your order of €\d+\.\d\d is placed\./);
    await shop.button('Continue with Google').click();
    await atProvider(shop, google());
    await shop.at('Your orders');
    assert.equal(await shop.page.locator('.order-card').count(), 1, 'Google leads to the account that has ordered');
    await shop.toSecurity();
    await shop.button('Disconnect').waitFor();
    shop.browser.expect();
  },

  async 'Ada disconnects Google, and connects it again with the account that she has'(shop) {
    await shop.button('Disconnect').click();
    await shop.givePassword();
    await shop.asks('Enter your code');
    await shop.confirm(await authenticator.next());
    await shop.says('Google is disconnected.');
    await shop.button('Connect Google').click();
    await atProvider(shop, google());
    await shop.at('Set up your account');
    const own = shop.page.getByRole('region', { name: 'You have an account here' });
    await own.getByLabel('Password', { exact: true }).fill(password);
    await own.getByRole('button', { name: 'Sign in' }).click();
    await shop.asks('Enter your code');
    await shop.confirm(await authenticator.next());
    await shop.button('Connect Google').click();
    await shop.page.getByRole('heading', { name: 'Google is connected' }).waitFor();
    await shop.button('Continue with Google').click();
    await atProvider(shop, google());
    await shop.at('Your orders');
    shop.browser.expect();
  },

  async 'a sign-in older than five minutes has to be repeated, which loses nothing'(shop) {
    frank = shop.newEmail('frank');
    await shop.button('Sign out').click();
    await shop.link('Sign in').waitFor();
    await shop.page.goto(`${shop.url}/sign-in`);
    await shop.button('Continue with Google').click();
    await atProvider(shop, { ...google(), sub: `${subject}1`, email: frank });
    await shop.at('Everything in the shop');
    await shop.intercept('**/link-offers', 'POST', route =>
      route.fulfill(shop.refusal(401, 'Unauthorized', 'The sign-in is too old.')));
    await shop.page.goto(`${shop.url}/connect`);
    await shop.page.getByRole('heading', { name: 'Once more with Google' }).waitFor();
    shop.browser.expect('POST /v1/link-offers 401');
    await shop.browser.look('connect-stale');
    await shop.page.unroute('**/link-offers');
    await shop.button('Continue with Google').click();
    offer = await offered(shop, () => atProvider(shop, { ...google(), sub: `${subject}1`, email: frank }));
    await shop.page.getByText(frank).first().waitFor();
    shop.browser.expect();
  },

  async 'another account has used Frank\'s offer: he connects nothing, and signs in with his password'(shop) {
    await shop.field('Password').first().fill(password);
    await shop.main('Continue').click();
    await shop.field('Code').waitFor();
    await shop.field('Code').fill(await shop.code(frank));
    await shop.main('Confirm').click();
    authenticator = await shop.setUpApp(frank);
    await useElsewhere(shop, offer);
    await shop.button('Connect Google').click();
    await shop.says('Another account has used this offer.');
    shop.browser.expect('POST /v1/links 409');
    await shop.button('Not now').click();
    await shop.page.getByText('Google is not connected.').waitFor();
    await shop.browser.look('apart');
    await shop.signOutAtManagedLogin();
    await shop.signIn(frank);
    await shop.asks('Enter your code');
    await shop.confirm(await authenticator.next());
    await shop.says(`Welcome, ${frank}.`);
    await shop.toSecurity();
    await shop.page.getByText('It is asked for whenever you sign in').waitFor();
    shop.browser.expect();
  },

  async 'Grace signs in with Facebook, her account says so, and she signs out at managed login, too'(shop) {
    await shop.button('Sign out').click();
    await shop.link('Sign in').click();
    await shop.button('Continue with Facebook').click();
    const returned = {
      id: '20000000000000002', email: 'grace@example.com', first_name: 'Grace', last_name: 'Hopper',
      name: 'Grace Hopper',
    };
    await atProvider(shop, returned);
    await shop.says('Welcome, Grace Hopper.');
    await shop.link('Account').click();
    await shop.at('Your account');
    await shop.page.getByText('Facebook alone lets you look around').waitFor();
    await shop.page.getByText('grace@example.com').waitFor();
    await shop.signOutAtManagedLogin();
    shop.browser.expect();
  },

  async 'Lin signs up and in at managed login, which proves nothing: the cart says what to do'(shop) {
    const email = shop.newEmail('lin');
    await shop.addToCart('Brass pen');
    await shop.page.goto(`${shop.url}/sign-in?next=/cart`);
    await shop.button('Use the sign-in page of the shop').click();
    await shop.link('Create an account').click();
    await shop.field('E-mail').fill(email);
    await shop.field('New password').fill(password);
    await shop.button('Create the account').click();
    await shop.field('Code').waitFor();
    await shop.field('Code').fill(await shop.code(email));
    await shop.button('Confirm').click();
    await shop.field('Password').fill(password);
    await shop.button('Sign in').click();
    await shop.says(`Welcome, ${email}.`);
    await shop.link('Protect your purchases').click();
    await shop.button('Set up the app').click();
    await shop.proveMailbox(email, 'Another-horse-8');
    await shop.setUpApp(email);
    await shop.at('Your cart');
    await shop.button('Place the order').click();
    await shop.at('Your orders');
    shop.browser.expect();
  },

  async 'somebody who turns back at the provider is told'(shop) {
    await shop.button('Sign out').click();
    await shop.link('Sign in').click();
    await shop.button('Continue with Facebook').click();
    await shop.page.getByText('This page stands in for Facebook').waitFor();
    await shop.page.goBack();
    await shop.at('Sign in');
    await shop.button('Continue with Facebook').click();
    await shop.button('Cancel').click();
    await shop.page.getByText('Facebook Error - access_denied').waitFor();
    await shop.browser.look('turned-back');
    shop.browser.expect();
  },
};
