// What keeps others out of an account, and how its owner gets in again.
import { strict as assert } from 'node:assert';

let email;
let authenticator;
let phone;
const words = [8, 9, 10, 11, 12, 13].map(number => `Another-horse-${number}`);
let word;
const next = () => { word = words.shift(); return word; };

const open = async shop => {
  await shop.toSecurity();
  await shop.at('Your security');
};

export const steps = {
  async 'Mia forgot her password: a wrong code, a weak password, then both right'(shop) {
    email = shop.newEmail('mia');
    await shop.register(email);
    await shop.button('Sign out').click();
    await shop.says('You are signed out.');
    await shop.page.goto(`${shop.url}/sign-in?next=/protect`);
    await shop.link('Forgot your password?').click();
    await shop.at('Choose a new password');
    await shop.field('E-mail').fill(email);
    await shop.button('Send the code').click();
    await shop.field('Code').waitFor();
    await shop.page.reload();
    await shop.at('Choose a new password');
    assert.equal(await shop.focused(), 'code', 'a reload keeps the step');
    await shop.field('Code').fill('000000');
    await shop.field('New password').fill(next());
    await shop.browser.look('forgot');
    await shop.button('Save and sign in').click();
    await shop.says('That code is wrong.');
    assert.equal(await shop.focused(), 'code');
    shop.browser.expect('ConfirmForgotPassword 400');
    await shop.field('Code').fill(await shop.code(email));
    await shop.field('New password').fill('short');
    await shop.button('Save and sign in').click();
    await shop.says(/Password did not conform/);
    assert.equal(await shop.focused(), 'password');
    shop.browser.expect('ConfirmForgotPassword 400');
    await shop.field('New password').fill(word);
    await shop.button('Save and sign in').click();
    await shop.says(`Welcome, ${email}.`);
    await shop.at('Protect your purchases');
    assert.equal(await shop.page.getByText('We mail you a code').count(), 0, 'the reset has proven the mailbox');
    shop.browser.expect();
  },

  async 'after a reload in the middle the page says what to do: a new reset'(shop) {
    await shop.button('Set up the app').click();
    await shop.authenticator(email);
    await shop.page.reload();
    await shop.at('Protect your purchases');
    await shop.page.getByText('We mail you a code').waitFor();
    const requests = await shop.during('POST', '/', async () => {
      await shop.button('Set up the app').click();
      await shop.proveMailbox(email, next());
      authenticator = await shop.authenticator(email);
    });
    const verifiers = requests.map(request => request.postDataJSON().ClientMetadata?.proof_verifier).filter(Boolean);
    assert.equal(new Set(verifiers).size, 1, 'one verifier is in use');
    const stored = await shop.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    assert.ok(!stored.includes(verifiers[0]) && !stored.includes(word), 'verifier and password are in memory only');
    await shop.confirm(await authenticator.next());
    await shop.asks('Enter your code');
    await shop.confirm(await authenticator.next());
    await shop.says('Your purchases are protected.');
    shop.browser.expect();
  },

  async 'her security shows what there is'(shop) {
    await open(shop);
    await shop.page.getByText('It is asked for whenever you sign in').waitFor();
    await shop.browser.look('security');
    shop.browser.expect();
  },

  async 'she takes her phone instead of the app; the shop asks for its codes from then on'(shop) {
    phone = `+49151${Math.floor(1e7 + Math.random() * 9e7)}`;
    await shop.field('Phone number').fill(`${phone.slice(0, 6)} ${phone.slice(6)}`);
    await shop.button('Use this phone').click();
    await shop.asks('Confirm your mailbox');
    await shop.browser.look('mailbox');
    await shop.proveMailbox(email, next());
    await shop.asks('Enter your code');
    await shop.confirm(await authenticator.next());
    await shop.dialog().getByText('It was sent to your phone.').waitFor();
    await shop.confirm(await shop.code(phone));
    await shop.page.waitForFunction(() => document.querySelector('dialog button.primary:not(.busy)'));
    await shop.confirm(await shop.code(phone));
    await shop.says('Your second factor is active.');
    shop.browser.expect();
  },

  async 'she gives up setting up another app: her factor pauses, and is confirmed anew'(shop) {
    await shop.button('Use another authenticator app').click();
    await shop.proveMailbox(email, next());
    await shop.asks('Enter your code');
    await shop.confirm(await shop.code(phone));
    await shop.authenticator(email);
    await shop.button('Cancel').click();
    await shop.dialog().waitFor({ state: 'detached' });
    await shop.toSecurity();
    await shop.page.getByText('It pauses since your security was last opened').waitFor();
    await shop.link('Confirm it').click();
    await shop.button('Confirm it').click();
    await shop.asks('Enter your code');
    await shop.confirm(await shop.code(phone));
    await shop.says('Your purchases are protected.');
    shop.browser.expect();
  },

  async 'the new password has ended her session: once the page is loaded anew, she signs in again'(shop) {
    await shop.page.reload();
    await shop.page.getByText('Sign in to see your security.').waitFor();
    await shop.browser.settled();
    shop.browser.expect('GetId 400');
    await shop.page.locator('main').getByRole('link', { name: 'Sign in' }).click();
    await shop.field('E-mail').fill(email);
    await shop.field('Password').fill(word);
    await shop.main('Sign in').click();
    await shop.asks('Enter your code');
    await shop.confirm(await shop.code(phone));
    await shop.at('Your security');
    shop.browser.expect();
  },

  async 'she signs out everywhere'(shop) {
    await shop.toSecurity();
    const RefreshToken = await shop.stored('refreshToken');
    await shop.button('Sign out everywhere').click();
    await shop.proveMailbox(email, next());
    await shop.says('Every other device is signed out');
    const ClientId = shop.config.WebClientId;
    const { __type } = await shop.users('GetTokensFromRefreshToken', { ClientId, RefreshToken });
    assert.equal(__type, 'NotAuthorizedException');
    await shop.browser.settled();
    shop.browser.expect('GetTokensFromRefreshToken 400', 'GetCredentialsForIdentity 400');
  },

  async 'Ida was imported: her first sign-in leads to a new password'(shop) {
    email = shop.newEmail('ida');
    await shop.register(email);
    await shop.button('Sign out').click();
    await shop.says('You are signed out.');
    // What Cognito answers to imported customers, which the local user pool has none of:
    // https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool.html
    const pool = `${shop.config.Endpoints.CognitoIdp}/`;
    const answer = {
      status: 400, contentType: 'application/x-amz-json-1.1', headers: { 'Access-Control-Allow-Origin': shop.url },
      body: JSON.stringify({
        __type: 'PasswordResetRequiredException', message: 'Password reset required for the user',
      }),
    };
    await shop.page.route(pool, route =>
      route.request().headers()['x-amz-target']?.endsWith('.InitiateAuth') ? route.fulfill(answer) : route.continue());
    await shop.signIn(email);
    await shop.at('Choose a new password');
    await shop.says('Before you sign in, choose a new password.');
    shop.browser.expect('InitiateAuth 400');
    await shop.page.unroute(pool);
    assert.equal(await shop.field('E-mail').inputValue(), email);
    await shop.button('Send the code').click();
    await shop.field('Code').waitFor();
    await shop.field('Code').fill(await shop.code(email));
    await shop.field('New password').fill('Another-horse-8');
    await shop.button('Save and sign in').click();
    await shop.says(`Welcome, ${email}.`);
    shop.browser.expect();
  },

  async 'Noa deletes her account: another address, then her own'(shop) {
    email = shop.newEmail('noa');
    await shop.register(email);
    await open(shop);
    await shop.button('Delete the account').click();
    await shop.asks('Delete the account?');
    await shop.field('E-mail').fill('somebody@example.com');
    await shop.dialog().getByRole('button', { name: 'Continue' }).click();
    await shop.says('That is another address.');
    await shop.browser.look('delete');
    await shop.field('E-mail').fill(email);
    await shop.dialog().getByRole('button', { name: 'Continue' }).click();
    await shop.says('Your account is deleted.');
    await shop.link('Sign in').waitFor();
    shop.browser.expect();
    await shop.signIn(email);
    await shop.says('Incorrect username or password.');
    shop.browser.expect('RespondToAuthChallenge 400');
  },
};
