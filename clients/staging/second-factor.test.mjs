// The code of docs/clients.md where everybody needs a second factor, one customer after the other: Amplify has one session.
import { strict as assert } from 'node:assert';
import { afterEach, before, test } from 'node:test';
import { Authenticator } from '../../storefront/test/authenticator.mjs';
import { administer, setPhoneNumber } from '../../storefront/test/staff.mjs';
import { api, checkout, config, signIn, stepUp } from '../documentation.mjs';
import { client } from '../oidc.mjs';
import { claims, code, newEmail, outputs, password } from '../stage.mjs';
import { Visitor } from '../visitor.mjs';

const stage = { config: outputs };

// Somebody who has just signed up, has no factor yet, and answers everything wrongly before answering it rightly.
class Customer {
  email = newEmail();
  // What was asked since the last time somebody looked, and why again.
  #asked = [];
  #authenticator;
  // Where the code is that is asked for next.
  #right = () => assert.fail('there is no code yet');

  static async register() {
    const customer = new Customer();
    await signIn.register(customer.email, password, 'Jane Doe');
    await signIn.confirm(customer.email, await code(customer.email));
    return customer;
  }

  byPhone(number) {
    this.#right = () => code(number);
  }

  code = problem => this.#answer('code', problem);
  scan = ({ text, uri }, problem) => {
    assert.equal(uri.searchParams.get('secret'), text);
    this.#authenticator ??= new Authenticator(text);
    this.#right = () => this.#authenticator.next();
    return this.#answer('scan', problem);
  };

  async #answer(what, problem) {
    if (problem && this.#asked.at(-1) !== what) throw new Error('the right answer was refused', { cause: problem });
    this.#asked.push(problem ? `${what} again: ${problem.name}` : what);
    return problem ? this.#right() : '000000';
  }

  wasAsked(...expected) {
    assert.deepEqual(this.#asked.splice(0), expected);
  }

  signIn = () => signIn.withPassword(this.email, password, this);
  stepUp = () => stepUp.stepUp(outputs, this.email, password, this);
  enrol = () => stepUp.enrol(outputs, this.email, password, this);
}

const anApp = ['scan', 'scan again: EnableSoftwareTokenMFAException'];
const aCode = ['code', 'code again: CodeMismatchException'];
const preferring = (jane, preference) => administer(stage, 'AdminSetUserMFAPreference', jane.email, preference);
const newNumber = () => `+49151${Math.floor(1e7 + Math.random() * 9e7)}`;
const pay = token => checkout.changePayment(outputs, token, 'pm_1Nv0FGQ9RKHgCVdK');

before(() => config.configure(outputs));
afterEach(() => signIn.leave());

test('whoever has no factor enrols an app to sign in, and is asked for its code from then on', async () => {
  const jane = await Customer.register();
  await jane.signIn();
  jane.wasAsked(...anApp);
  assert.equal((await signIn.customer()).email, jane.email);
  assert.deepEqual(await api.orders(outputs), { orders: [] });
  await signIn.leave();
  await jane.signIn();
  jane.wasAsked(...aCode);
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

test('a step-up enrols, too; of two factors it is the app that is asked for', async () => {
  const jane = await Customer.register();
  await pay(await jane.stepUp());
  jane.wasAsked(...anApp);
  assert.equal(await signIn.customer(), undefined, 'a step-up signs in nobody here');
  await setPhoneNumber(stage, jane.email, newNumber());
  await preferring(jane, { SMSMfaSettings: { Enabled: true }, SoftwareTokenMfaSettings: { Enabled: true } });
  await jane.signIn();
  jane.wasAsked(...aCode);
});

test('a phone number is a factor to sign in with; to step up with it, it must be the preferred one', async () => {
  const [jane, number] = [await Customer.register(), newNumber()];
  await setPhoneNumber(stage, jane.email, number);
  jane.byPhone(number);
  await jane.signIn();
  jane.wasAsked(...aCode);
  assert.equal(await jane.stepUp(), undefined);
  jane.wasAsked(...aCode);
  await preferring(jane, { SMSMfaSettings: { Enabled: true, PreferredMfa: true } });
  await pay(await jane.stepUp());
  jane.wasAsked(...aCode);
});

test('whoever cannot step up with a phone number enrols an app', async () => {
  const [jane, number] = [await Customer.register(), newNumber()];
  await setPhoneNumber(stage, jane.email, number);
  jane.byPhone(number);
  assert.equal(await jane.stepUp(), undefined);
  await jane.enrol();
  jane.wasAsked(...aCode, ...aCode, ...anApp);
  await pay(await jane.stepUp());
  jane.wasAsked(...aCode);
});

test('an app that is active and not preferred is not replaced', async () => {
  const jane = await Customer.register();
  await jane.signIn();
  jane.wasAsked(...anApp);
  await preferring(jane, { SoftwareTokenMfaSettings: { Enabled: true } });
  await jane.enrol();
  jane.wasAsked(...aCode);
  const { PreferredMfaSetting } = await (await administer(stage, 'AdminGetUser', jane.email)).json();
  assert.equal(PreferredMfaSetting, 'SOFTWARE_TOKEN_MFA');
});

test('managed login asks for a phone number, whose codes then open the step-up', async () => {
  const [jane, number, visitor, oidc] = [await Customer.register(), newNumber(), new Visitor(), client()];
  await visitor.visit((await oidc.createSigninRequest({})).url);
  assert.equal(await visitor.submit({ username: jane.email, password }), undefined, 'no code before there is a second factor');
  assert.equal(await visitor.submit({ phone_number: number }), undefined);
  assert.equal(await visitor.submit({ code: '000000' }), undefined, 'no code for a wrong one');
  const user = await oidc.processSigninResponse((await visitor.submit({ code: await code(number) })).href);
  assert.equal(claims(user.id_token).phone_number, number);
  jane.byPhone(number);
  await pay(await jane.stepUp());
  jane.wasAsked(...aCode);
});
