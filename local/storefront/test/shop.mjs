// The shop as its customers see it: by what is written on the page.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { Authenticator } from './authenticator.mjs';

export const password = 'Correct-horse-7';

export class Shop {
  constructor(browser, url, config) {
    this.browser = browser;
    this.page = browser.page;
    this.url = url;
    this.config = config;
  }

  static async open(browser, url) {
    const response = await fetch(`${url}/config.json`).catch(() => undefined);
    assert.ok(response?.ok, `nothing is served at ${url}: start it with \`make local\``);
    return new Shop(browser, url, await response.json());
  }

  button = name => this.page.getByRole('button', { name, exact: typeof name === 'string' });
  link = name => this.page.getByRole('link', { name, exact: typeof name === 'string' });
  field = label => this.page.getByLabel(label, { exact: true });
  main = name => this.page.locator('main').getByRole('button', { name, exact: true });
  dialog = () => this.page.getByRole('dialog');

  // Waits until the page has this heading, and has loaded.
  async at(title) {
    await this.page.getByRole('heading', { level: 1, name: title }).waitFor();
    await this.page.locator('main [aria-busy=true]').waitFor({ state: 'detached' });
  }

  // Waits until the shop has said this, as a message or as a problem.
  async says(text) {
    await this.page.locator('[role=status], [role=alert]').filter({ hasText: text }).first().waitFor();
  }

  // Waits until the dialog asks for this.
  async asks(title) {
    await this.dialog().getByRole('heading', { name: title }).waitFor();
  }

  // Answers requests of one method in somebody's stead, until the path is unrouted.
  intercept = (path, method, answer) =>
    this.page.route(path, route => route.request().method() === method ? answer(route) : route.continue());

  // What the API answers when it refuses.
  refusal = (status, title, detail) => ({
    status, contentType: 'application/problem+json', headers: { 'Access-Control-Allow-Origin': this.url },
    body: JSON.stringify({ type: 'about:blank', title, status, detail, requestId: 'x' }),
  });

  // The name of the field that has the focus.
  focused = () => this.page.evaluate(() => document.activeElement?.getAttribute('name'));

  newEmail = name => `${name}-${randomUUID().slice(0, 8)}@example.com`;

  // What the user pool has sent to an address last.
  async code(email) {
    const response = await fetch(`${this.config.Endpoints.Inbox}/messages.json?to=${encodeURIComponent(email)}`);
    const messages = await response.json();
    assert.ok(messages.length > 0, `nothing was sent to ${email}`);
    return messages[0].code;
  }

  // Opens the inbox as the page offers it: in a tab of its own.
  async openInbox() {
    const [inbox] = await Promise.all([this.page.context().waitForEvent('page'), this.link(/^open the inbox/).click()]);
    this.browser.watch(inbox);
    await inbox.getByRole('heading', { name: 'Inbox' }).waitFor();
    return inbox;
  }

  // Reads the secret that the dialog shows. What the QR code says is behind the link beside it, too.
  async authenticator(email) {
    await this.asks('Set up an authenticator app');
    const secret = await this.dialog().locator('.secret').innerText().then(text => text.replaceAll(/\s/g, ''));
    const link = this.dialog().getByRole('link', { name: 'Open the app on this device' });
    const uri = new URL(await link.getAttribute('href'));
    assert.equal(uri.protocol, 'otpauth:');
    assert.equal(uri.searchParams.get('secret'), secret);
    assert.ok(decodeURIComponent(uri.pathname).includes(email), `${uri} names the account`);
    return new Authenticator(secret);
  }

  // Answers the dialog that asks for a code.
  async confirm(code) {
    await this.dialog().getByLabel('Code', { exact: true }).fill(code);
    await this.dialog().getByRole('button', { name: 'Confirm' }).click();
  }

  async addToCart(...products) {
    for (const product of products) {
      await this.button(`Add to cart ${product}`).click();
      await this.says(`${product} is in your cart`);
    }
  }

  // Signs up. The page then asks for the code that was sent.
  async signUp(email) {
    await this.page.goto(`${this.url}/sign-up`);
    await this.field('E-mail').fill(email);
    await this.field('Password').fill(password);
    await this.button('Create the account').click();
    await this.field('Code').waitFor();
  }

  // Confirms the address. The page then signs in.
  async confirmAddress(email) {
    await this.field('Code').fill(await this.code(email));
    await this.button('Confirm').click();
  }

  // Signs up, confirms the address, and is signed in. Protects nothing yet.
  async register(email) {
    await this.signUp(email);
    await this.confirmAddress(email);
    await this.says(`Welcome, ${email}.`);
    await this.at('Protect your purchases');
  }

  async signIn(email, word = password) {
    await this.page.goto(`${this.url}/sign-in`);
    await this.field('E-mail').fill(email);
    await this.field('Password').fill(word);
    await this.main('Sign in').click();
  }

  // Signs out somebody who has signed in at managed login: there, too.
  async signOutAtManagedLogin() {
    const [logout] = await Promise.all([
      this.page.waitForRequest(request => request.url().startsWith(`${this.config.ManagedLoginUrl}/logout?`)),
      this.button('Sign out').click(),
    ]);
    assert.equal(new URL(logout.url()).searchParams.get('logout_uri'), `${this.url}/`);
    await this.at('Everything in the shop');
    await this.link('Sign in').waitFor();
  }

  async toSecurity() {
    await this.link('Account').click();
    await this.link('Go to your security').click();
    await this.at('Your security');
  }

  // Shows that the mailbox is hers, with a new password, in the dialog that asks for it.
  async proveMailbox(email, word) {
    await this.asks('Confirm your mailbox');
    await this.dialog().getByRole('button', { name: 'Send the code' }).click();
    await this.asks('Enter the code from your mailbox');
    await this.dialog().getByLabel('Code', { exact: true }).fill(await this.code(email));
    await this.dialog().getByLabel('New password', { exact: true }).fill(word);
    await this.dialog().getByRole('button', { name: 'Continue' }).click();
  }

  // Answers the dialog that asks for the password.
  async givePassword(word = password) {
    await this.asks('Confirm that it is you');
    await this.dialog().getByLabel('Password', { exact: true }).fill(word);
    await this.dialog().getByRole('button', { name: 'Continue' }).click();
  }

  // Sets up an authenticator and seals it, in the dialog that asks for both.
  async setUpApp(email) {
    const authenticator = await this.authenticator(email);
    await this.confirm(await authenticator.next());
    await this.asks('Enter your code');
    await this.confirm(await authenticator.next());
    return authenticator;
  }

  // What Amplify keeps in this browser.
  async stored(what) {
    const value = await this.page.evaluate(
      end => Object.entries(localStorage).find(([key]) => key.endsWith(end))?.[1], `.${what}`);
    assert.ok(value, `Amplify keeps no ${what}`);
    return value;
  }

  // Asks the user pool, as somebody else would.
  async users(operation, input) {
    const response = await fetch(this.config.Endpoints.CognitoIdp, {
      method: 'POST', body: JSON.stringify(input),
      headers: {
        'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': `AWSCognitoIdentityProviderService.${operation}`,
      },
    });
    return response.json();
  }

  // Every request that the page sends while something is done, and that a path and method choose.
  async during(method, path, action) {
    const requests = [];
    const note = request => {
      if (request.method() === method && new URL(request.url()).pathname.endsWith(path)) requests.push(request);
    };
    this.page.on('request', note);
    await action();
    this.page.off('request', note);
    return requests;
  }
}
