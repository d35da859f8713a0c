import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import {
  confirmResetPassword, confirmSignIn, confirmSignUp, fetchAuthSession, getCurrentUser, resendSignUpCode, resetPassword, setUpTOTP,
  signIn, signOut, signUp, verifyTOTPSetup,
} from 'aws-amplify/auth';
import { Authenticator } from '../../local/storefront/test/authenticator.mjs';
import {
  account, challengeOf, customer, enrol, newVerifier, proven, seal, signInInput, stepUp, Storage, verifierOf, web,
} from './customer.mjs';
import { claims, code, newEmail, outputs, password, stepUpScopes, webScopes } from './stage.mjs';

const issuer = `https://cognito-idp.${outputs.Region}.amazonaws.com/${outputs.UserPoolId}`;
const named = name => error => error.name === name;
const signUpInput = (email, { attributes = {}, ...others } = {}) =>
  ({ username: email, password, options: { userAttributes: { email, ...attributes } }, ...others });
const scopes = async context => ((await fetchAuthSession(context)).tokens.accessToken.payload.scope ?? '').split(' ').filter(Boolean);
const admin = 'aws.cognito.signin.user.admin';

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
  await assert.rejects(signUp(context, signUpInput(email)), named('UsernameExistsException'));
});

test('sign-up keeps the password policy', async () => {
  for (const weak of ['short-A1', 'no-digit-in-Here', 'no-upper-case-1', 'NO-LOWER-CASE-1', 'NoSymbolIn1Here']) {
    await assert.rejects(signUp(web(), signUpInput(newEmail(), { password: weak })), named('InvalidPasswordException'), weak);
  }
});

test('sign-up takes an address and a password, at the Web client, and nothing else', async () => {
  const refused = named('UserLambdaValidationException');
  await assert.rejects(signUp(web(), signUpInput(newEmail(), { attributes: { name: 'Jane Doe' } })), refused, 'a name');
  for (const context of [stepUp(), account()]) {
    await assert.rejects(signUp(context, { username: newEmail(), password }), refused, 'another client');
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
  assert.deepEqual(access.scope.split(' ').sort(), webScopes);
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
  const copy = storage.copy();
  await signOut(context);
  assert.equal((await fetchAuthSession(context)).tokens, undefined);
  assert.equal((await fetchAuthSession(web(copy), { forceRefresh: true })).tokens, undefined, 'a copy of the session');
});

test('Account opens to the browser that has entered the mailed code, and to no other', async () => {
  const jane = await proven();
  for (const metadata of [undefined, verifierOf(newVerifier())]) {
    const context = account();
    await signIn(context, signInInput(jane.email, metadata));
    assert.deepEqual(await scopes(context), [], 'without the verifier');
    await assert.rejects(setUpTOTP(context), named('NotAuthorizedException'));
  }
  const context = account();
  await signIn(context, signInInput(jane.email, verifierOf(jane.verifier)));
  assert.deepEqual(await scopes(context), [admin]);
});

test('an authenticator is set up with the secret that is shown, and by no wrong code', async () => {
  const [{ email, verifier }, context] = [await proven(), account()];
  await signIn(context, signInInput(email, verifierOf(verifier)));
  const { sharedSecret, getSetupUri } = await setUpTOTP(context);
  assert.equal(getSetupUri('SecureCart', email).searchParams.get('secret'), sharedSecret);
  await assert.rejects(verifyTOTPSetup(context, { code: '000000' }), named('EnableSoftwareTokenMFAException'));
  await verifyTOTPSetup(context, { code: await new Authenticator(sharedSecret).next() });
});

test('signing out of Account ends its access token, a copy as well', async () => {
  const [{ email, verifier }, storage] = [await proven(), new Storage()];
  const context = account(storage);
  await signIn(context, signInInput(email, verifierOf(verifier)));
  const copy = storage.copy();
  await signOut(context);
  await assert.rejects(setUpTOTP(account(copy)), named('NotAuthorizedException'));
});

test('StepUp asks for a code, takes each once, and grants every scope once the verifier goes along with it', async () => {
  const [jane, context] = [await proven(), stepUp()];
  await signIn(context, signInInput(jane.email));
  assert.deepEqual(await scopes(context), [], 'no scope without a factor');
  const { authenticator, used } = await enrol(jane);
  const another = stepUp();
  assert.equal((await signIn(another, signInInput(jane.email))).nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_TOTP_CODE');
  await assert.rejects(confirmSignIn(another, { challengeResponse: '000000' }), named('CodeMismatchException'));
  await assert.rejects(confirmSignIn(another, { challengeResponse: used }), named('ExpiredCodeException'), 'a code that was used already');
  const metadata = { clientMetadata: verifierOf(jane.verifier) };
  assert.ok((await confirmSignIn(another, { challengeResponse: await authenticator.next(), options: metadata })).isSignedIn);
  assert.deepEqual((await scopes(another)).sort(), stepUpScopes);
});

test('a factor that is not sealed opens nothing at StepUp', async () => {
  const jane = await proven();
  const { authenticator } = await enrol(jane);
  const context = stepUp();
  await signIn(context, signInInput(jane.email));
  await confirmSignIn(context, { challengeResponse: await authenticator.next() });
  assert.deepEqual(await scopes(context), [], 'not sealed');
  assert.ok((await scopes(await seal(jane, authenticator))).includes('securecart/orders.write'));
});

test('once an authenticator is set up, Web asks for a code, too', async () => {
  const [jane, context] = [await proven(), web()];
  const { authenticator } = await enrol(jane);
  assert.equal((await signIn(context, signInInput(jane.email))).nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_TOTP_CODE');
  assert.ok((await confirmSignIn(context, { challengeResponse: await authenticator.next() })).isSignedIn);
});

test('a reset proves the mailbox, and ends the sessions of before', async () => {
  const [email, verifier, context] = [await customer(), newVerifier(), web()];
  await signIn(context, signInInput(email));
  await resetPassword(web(), { username: email });
  await confirmResetPassword(web(), {
    username: email, confirmationCode: await code(email), newPassword: `${password}8`, options: { clientMetadata: challengeOf(verifier) },
  });
  assert.equal((await fetchAuthSession(context, { forceRefresh: true })).tokens, undefined);
  const settings = account();
  await signIn(settings, { ...signInInput(email, verifierOf(verifier)), password: `${password}8` });
  assert.deepEqual(await scopes(settings), [admin]);
});

test('global sign-out ends the sessions of every client', async () => {
  const { email, verifier } = await proven();
  const [first, second] = [web(), web()];
  await signIn(first, signInInput(email));
  await signIn(second, signInInput(email));
  const third = account();
  await signIn(third, signInInput(email, verifierOf(verifier)));
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
