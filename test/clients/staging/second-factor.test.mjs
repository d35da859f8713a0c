// The code of docs/clients.md where everybody needs a second factor, one customer after the other: Amplify has one session.
import { strict as assert } from 'node:assert';
import { afterEach, before, test } from 'node:test';
import { Authenticator } from '../../../local/storefront/test/authenticator.mjs';
import { administer, setPhoneNumber } from '../../../local/storefront/test/staff.mjs';
import { api, checkout, config, links, proof, settings, signIn, stepUp } from '../documentation.mjs';
import { client } from '../oidc.mjs';
import { claims, code, newEmail, outputs, password } from '../stage.mjs';
import { Visitor } from '../visitor.mjs';

const stage = { config: outputs };

// Somebody who has just signed up, has no factor yet, and answers everything wrongly before answering it rightly.
class Customer {
  email = newEmail();
  proof;
  // What was asked since the last time somebody looked, and why again.
  #asked = [];
  #authenticator;

  static async register() {
    const customer = new Customer();
    await signIn.register(customer.email, password);
    customer.proof = await proof.confirm(customer.email, await code(customer.email), password);
    return customer;
  }

  code = (problem, factor) => this.#answer(factor, problem);
  scan = ({ text, uri }, problem) => {
    assert.equal(uri.searchParams.get('secret'), text);
    if (!problem) this.#authenticator = new Authenticator(text);
    return this.#answer('scan', problem);
  };
  choose = () => assert.fail('asked for a password');

  async #answer(what, problem) {
    if (problem && this.#asked.at(-1) !== what) throw new Error('the right answer was refused', { cause: problem });
    this.#asked.push(problem ? `${what} again: ${problem.name}` : what);
    return problem ? this.#authenticator.next() : '000000';
  }

  wasAsked(...expected) {
    assert.deepEqual(this.#asked.splice(0), expected);
  }

  signIn = () => signIn.withPassword(this.email, password, this);
  stepUp = () => stepUp.stepUp(outputs, this.email, password, this);
  protect = () => stepUp.protect(outputs, this.proof, this);
}

const anApp = ['scan', 'scan again: EnableSoftwareTokenMFAException'];
const itsCode = ['app', 'app again: CodeMismatchException'];
const preferring = (jane, preference) => administer(stage, 'AdminSetUserMFAPreference', jane.email, preference);
const newNumber = () => `+49151${Math.floor(1e7 + Math.random() * 9e7)}`;
const pay = token => checkout.changePayment(outputs, token, 'pm_1Nv0FGQ9RKHgCVdK');

before(() => config.configure(outputs));
afterEach(() => signIn.leave());

test('a customer without a factor sets up an app to sign in, and is asked for its code from then on', async () => {
  const jane = await Customer.register();
  await jane.signIn();
  jane.wasAsked(...anApp);
  assert.equal((await signIn.customer()).email, jane.email);
  assert.deepEqual(await api.orders(outputs), { orders: [] });
  assert.equal((await links.standing(outputs)).canBuy, false, 'a factor that a password has set up proves nothing');
  await signIn.leave();
  await jane.signIn();
  jane.wasAsked(...itsCode);
  assert.equal((await signIn.customer()).email, jane.email);
});

test('no answer is no sign-in', async () => {
  const jane = await Customer.register();
  const turnsBack = { code: () => assert.fail('asked for a code'), scan: async () => { throw new Error('another time'); } };
  await assert.rejects(signIn.withPassword(jane.email, password, turnsBack), { message: 'another time' });
  assert.equal(await signIn.customer(), undefined);
  await assert.rejects(stepUp.stepUp(outputs, jane.email, password, turnsBack), { message: 'another time' });
  assert.equal(await signIn.customer(), undefined);
});

test('the app that a sign-in has set up is sealed by its next code', async () => {
  const jane = await Customer.register();
  await jane.signIn();
  jane.wasAsked(...anApp);
  await pay(await jane.protect());
  jane.wasAsked(...itsCode);
  assert.equal((await links.standing(outputs)).canBuy, true);
});

test('without a sign-in the settings set the app up, and its next code seals it', async () => {
  const jane = await Customer.register();
  await pay(await jane.protect());
  jane.wasAsked(...anApp, ...itsCode);
  assert.equal(await signIn.customer(), undefined, 'a step-up signs in nobody here');
});

test('a step-up sets up an app, too, and proves nothing by it', async () => {
  const jane = await Customer.register();
  assert.equal(await jane.stepUp(), undefined);
  jane.wasAsked(...anApp);
  await pay(await jane.protect());
  jane.wasAsked(...itsCode);
});

test('of two factors it is the app that is asked for', async () => {
  const jane = await Customer.register();
  await jane.signIn();
  jane.wasAsked(...anApp);
  await setPhoneNumber(stage, jane.email, newNumber());
  await preferring(jane, { SoftwareTokenMfaSettings: { Enabled: true } });
  await signIn.leave();
  await jane.signIn();
  jane.wasAsked(...itsCode);
});

test('an app that is active and not preferred is not replaced', async () => {
  const jane = await Customer.register();
  await jane.signIn();
  jane.wasAsked(...anApp);
  await preferring(jane, { SoftwareTokenMfaSettings: { Enabled: true } });
  await settings.inSettings(outputs, jane.proof, jane, context => settings.preferApp(context));
  jane.wasAsked(...itsCode);
  const { PreferredMfaSetting } = await (await administer(stage, 'AdminGetUser', jane.email)).json();
  assert.equal(PreferredMfaSetting, 'SOFTWARE_TOKEN_MFA');
});

test('managed login sets up an app, whose codes open the step-up once they are sealed', async () => {
  const [jane, visitor, oidc] = [await Customer.register(), new Visitor(), client()];
  await visitor.visit((await oidc.createSigninRequest({})).url);
  assert.equal(await visitor.submit({ username: jane.email, password }), undefined, 'no code before there is a second factor');
  await visitor.submit({ factor: 'SOFTWARE_TOKEN_MFA' });
  const authenticator = new Authenticator(visitor.secret());
  assert.equal(await visitor.submit({ code: '000000' }), undefined, 'no code for a wrong one');
  const user = await oidc.processSigninResponse((await visitor.submit({ code: await authenticator.next() })).href);
  assert.equal(claims(user.id_token).email, jane.email);
  const byApp = { ...jane, code: () => authenticator.next() };
  assert.ok(await stepUp.protect(outputs, jane.proof, byApp));
});
