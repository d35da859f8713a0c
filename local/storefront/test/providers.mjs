// Every kind of provider, over its own protocol: the buttons, what each states, and how the shop names it.
import { strict as assert } from 'node:assert';

// What somebody enters at the page that stands in for a provider, by the label of the provider's button.
const entered = {
  'Continue with Google': { sub: '100000000000000000009', email: 'ada@example.com', name: 'Ada Lovelace' },
  'Continue with Apple': { sub: '000009.ada.0009', email: 'x9@privaterelay.appleid.com', firstName: 'Ada' },
  'Continue with Facebook': { id: '90000000000000009', email: 'ada@example.com', name: 'Ada Lovelace' },
  'Login with Amazon': { user_id: 'amzn1.account.ADA9', email: 'ada@example.com', name: 'Ada Lovelace' },
  'Continue with Okta': { sub: '00u9ada', email: 'ada@example.com', name: 'Ada Lovelace' },
  'Continue with your company': { NameID: 'ada-9' },
};
const called = {
  'Continue with Google': 'Google', 'Continue with Apple': 'Apple', 'Continue with Facebook': 'Facebook',
  'Login with Amazon': 'Amazon', 'Continue with Okta': 'Okta', 'Continue with your company': 'your company',
};

const signIn = button => async shop => {
  await shop.page.goto(`${shop.url}/sign-in?next=/account`);
  await shop.button(button).click();
  await shop.page.getByText('This page stands in for').waitFor();
  for (const [name, value] of Object.entries(entered[button])) {
    await shop.page.locator(`input[name="${name}"]`).fill(value);
  }
  await shop.button('Continue').click();
  await shop.at('Your account');
  // Whatever Cognito calls the provider, customers read what they know it by.
  await shop.page.getByText(`${called[button]} alone lets you look around`).waitFor();
  await shop.signOutAtManagedLogin();
  shop.browser.expect();
};

export const steps = {
  async 'the buttons are in the order of the config, of one size, and say what the providers prescribe'(shop) {
    await shop.page.goto(`${shop.url}/sign-in`);
    await shop.at('Sign in');
    const buttons = shop.page.locator('.ways button');
    assert.deepEqual(await buttons.allTextContents(), [...Object.keys(called), 'Use the sign-in page of the shop']);
    const sizes = await buttons.evaluateAll(all => all.map(button => `${button.offsetWidth}x${button.offsetHeight}`));
    assert.equal(new Set(sizes).size, 1, `no provider is smaller than others: ${sizes}`);
    await shop.browser.look('providers');
    shop.browser.expect();
  },
  ...Object.fromEntries(Object.keys(entered).map(button => [`Ada signs in: ${button}`, signIn(button)])),
  async 'somebody who cancels at a provider is back at the shop, with the reason'(shop) {
    for (const [button, name] of [['Continue with Apple', 'SignInWithApple'], ['Continue with your company', 'Partner']]) {
      await shop.page.goto(`${shop.url}/sign-in`);
      await shop.button(button).click();
      await shop.button('Cancel').click();
      await shop.page.getByText(`${name} Error - `).waitFor();
      assert.equal(new URL(shop.page.url()).origin, shop.url);
    }
    shop.browser.expect();
  },
};
