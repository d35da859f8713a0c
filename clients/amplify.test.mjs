import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import {
  confirmSignIn, confirmSignUp, fetchAuthSession, getCurrentUser, resendSignUpCode, setUpTOTP, signIn, signOut, signUp,
  verifyTOTPSetup,
} from 'aws-amplify/auth';
import { Authenticator } from '../storefront/test/authenticator.mjs';
import { customer, enrol, signInInput, stepUp, Storage, web } from './customer.mjs';
import { claims, code, newEmail, outputs, password } from './stage.mjs';

const issuer = `https://cognito-idp.${outputs.Region}.amazonaws.com/${outputs.UserPoolId}`;
const named = name => error => error.name === name;
const signUpInput = (email, { name = 'Jane Doe', ...others } = {}) =>
  ({ username: email, password, options: { userAttributes: { email, name } }, ...others });

test('sign-up is confirmed by the code that was sent, and by no other', async () => {
  const [context, email] = [web(), newEmail()];
  const { nextStep, userId } = await signUp(context, signUpInput(email));
  assert.equal(nextStep.signUpStep, 'CONFIRM_SIGN_UP');
  assert.match(userId, /^[0-9a-f-]{36}$/);
  const wrong = await code(email) === '000000' ? '000001' : '000000';
  await assert.rejects(confirmSignUp(context, { username: email, confirmationCode: wrong }), named('CodeMismatchException'));
  assert.equal((await signIn(context, signInInput(email))).nextStep.signInStep, 'CONFIRM_SIGN_UP');
  await resendSignUpCode(context, { username: email });
  const { isSignUpComplete } = await confirmSignUp(context, { username: email, confirmationCode: await code(email) });
  assert.ok(isSignUpComplete);
  await assert.rejects(signUp(context, signUpInput(email, { name: 'Other' })), named('UsernameExistsException'));
});

test('sign-up keeps the password policy', async () => {
  for (const weak of ['short-A1', 'no-digit-in-Here', 'no-upper-case-1', 'NO-LOWER-CASE-1', 'NoSymbolIn1Here']) {
    await assert.rejects(signUp(web(), signUpInput(newEmail(), { password: weak })), named('InvalidPasswordException'), weak);
  }
});

test('SRP proves the right password, and neither a wrong one nor an unknown user', async () => {
  const email = await customer();
  const context = web();
  for (const input of [{ ...signInInput(email), password: 'Wrong-password-7' }, signInInput(newEmail())]) {
    await assert.rejects(signIn(context, input), { name: 'NotAuthorizedException', message: 'Incorrect username or password.' });
  }
  assert.deepEqual(await signIn(context, signInInput(email)), { isSignedIn: true, nextStep: { signInStep: 'DONE' } });
  const { tokens } = await fetchAuthSession(context);
  const { payload: access } = tokens.accessToken;
  assert.equal(access.iss, issuer);
  assert.equal(access.client_id, outputs.WebClientId);
  assert.equal(access.token_use, 'access');
  assert.deepEqual(access.scope.split(' ').sort(), ['securecart/orders.read', 'securecart/profile.read']);
  assert.equal(tokens.idToken.payload.aud, outputs.WebClientId);
  assert.equal(tokens.idToken.payload.email, email);
  assert.equal((await getCurrentUser(context)).userId, access.sub);
});

test('refresh rotates the refresh token; an old one ends the session', async () => {
  const storage = new Storage();
  const context = web(storage);
  await signIn(context, signInInput(await customer()));
  const before = (await fetchAuthSession(context)).tokens;
  const seen = [storage.refreshToken];
  for (let i = 0; i < 2; i++) {
    const { tokens } = await fetchAuthSession(context, { forceRefresh: true });
    assert.equal(tokens.accessToken.payload.sub, before.accessToken.payload.sub);
    assert.equal(tokens.accessToken.payload.origin_jti, before.accessToken.payload.origin_jti);
    assert.notEqual(tokens.accessToken.payload.jti, before.accessToken.payload.jti);
    seen.push(storage.refreshToken);
  }
  assert.equal(new Set(seen).size, 3, 'every refresh yields another refresh token');
  // Two rotations back there is no grace any more.
  const [stolen, , newest] = seen;
  await storage.setItem(storage.find('refreshToken'), stolen);
  await assert.rejects(fetchAuthSession(context, { forceRefresh: true }), named('RefreshTokenReuseException'));
  assert.equal(storage.refreshToken, undefined, 'Amplify has dropped the session');
  const other = new Storage();
  await signIn(web(other), signInInput(await customer()));
  await other.setItem(other.find('refreshToken'), newest);
  assert.equal((await fetchAuthSession(web(other), { forceRefresh: true })).tokens, undefined, 'the newest token has ended with it');
});

test('sign-out revokes the refresh token', async () => {
  const storage = new Storage();
  const context = web(storage);
  await signIn(context, signInInput(await customer()));
  const copy = new Storage();
  copy.items = new Map(storage.items);
  await signOut(context);
  assert.equal((await fetchAuthSession(context)).tokens, undefined);
  assert.equal((await fetchAuthSession(web(copy), { forceRefresh: true })).tokens, undefined, 'a copy of the session');
});

test('an authenticator is set up with the secret that is shown, and by no wrong code', async () => {
  const [email, context] = [await customer(), stepUp()];
  await signIn(context, signInInput(email));
  const { payload } = (await fetchAuthSession(context)).tokens.accessToken;
  assert.equal(payload.scope, 'aws.cognito.signin.user.admin', 'no scope of ours without a factor');
  const { sharedSecret, getSetupUri } = await setUpTOTP(context);
  assert.equal(getSetupUri('SecureCart', email).searchParams.get('secret'), sharedSecret);
  await assert.rejects(verifyTOTPSetup(context, { code: '000000' }), named('EnableSoftwareTokenMFAException'));
  await verifyTOTPSetup(context, { code: await new Authenticator(sharedSecret).next() });
});

test('once it is set up, StepUp asks for a code, takes each once, and grants every scope for it', async () => {
  const [email, context] = [await customer(), stepUp()];
  const { authenticator, used } = await enrol(email);
  assert.equal((await signIn(context, signInInput(email))).nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_TOTP_CODE');
  await assert.rejects(confirmSignIn(context, { challengeResponse: '000000' }), named('CodeMismatchException'));
  await assert.rejects(confirmSignIn(context, { challengeResponse: used }), named('ExpiredCodeException'), 'a code that was used already');
  assert.ok((await confirmSignIn(context, { challengeResponse: await authenticator.next() })).isSignedIn);
  const scope = (await fetchAuthSession(context)).tokens.accessToken.payload.scope.split(' ');
  for (const name of ['orders.read', 'orders.write', 'payment.write', 'profile.read', 'profile.write']) {
    assert.ok(scope.includes(`securecart/${name}`), name);
  }
});

test('once it is set up, Web asks for a code, too', async () => {
  const [email, context] = [await customer(), web()];
  const { authenticator } = await enrol(email);
  assert.equal((await signIn(context, signInInput(email))).nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_TOTP_CODE');
  assert.ok((await confirmSignIn(context, { challengeResponse: await authenticator.next() })).isSignedIn);
});

test('global sign-out ends the sessions of every client', async () => {
  const email = await customer();
  const [first, second] = [web(), web()];
  await signIn(first, signInInput(email));
  await signIn(second, signInInput(email));
  const third = stepUp();
  await signIn(third, signInInput(email));
  await signOut(third, { global: true });
  for (const context of [first, second]) assert.equal((await fetchAuthSession(context, { forceRefresh: true })).tokens, undefined);
});

test('the identity pool gives credentials to a guest, and others to the customer that the guest becomes', async () => {
  const context = web();
  const guest = await fetchAuthSession(context);
  assert.equal(guest.tokens, undefined);
  assert.match(guest.identityId, new RegExp(`^${outputs.Region}:[0-9a-f-]{36}$`));
  assert.ok(guest.credentials.expiration > new Date());
  assert.equal((await fetchAuthSession(context)).identityId, guest.identityId, 'a guest stays the same guest');
  await signIn(context, signInInput(await customer()));
  const own = await fetchAuthSession(context);
  assert.ok(own.credentials.sessionToken);
  assert.notEqual(own.credentials.accessKeyId, guest.credentials.accessKeyId);
  assert.equal(claims(own.tokens.idToken.toString()).token_use, 'id');
  await signOut(context);
  assert.notEqual((await fetchAuthSession(context)).identityId, own.identityId, 'after a sign-out one is another guest');
});
