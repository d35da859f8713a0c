// Customers with Amplify, each with storage of their own, as if each had a browser.
import { createHash, randomBytes } from 'node:crypto';
import { createAmplifyContext } from 'aws-amplify';
import { createAWSCredentialsAndIdentityIdProvider, createUserPoolsTokenProvider } from 'aws-amplify/adapter-core';
import {
  confirmSignIn, confirmSignUp, setUpTOTP, signIn, signOut, signUp, updateMFAPreference, verifyTOTPSetup,
} from 'aws-amplify/auth';
import { Authenticator } from '../../local/storefront/test/authenticator.mjs';
import { code, newEmail, outputs, password } from './stage.mjs';

export class Storage {
  items = new Map();
  async setItem(key, value) { this.items.set(key, value); }
  async getItem(key) { return this.items.get(key) ?? null; }
  async removeItem(key) { this.items.delete(key); }
  async clear() { this.items.clear(); }
  copy() { return Object.assign(new Storage(), { items: new Map(this.items) }); }

  // Amplify's name for an item ends with what it is.
  find = end => [...this.items.keys()].find(key => key.endsWith(`.${end}`));
  get refreshToken() { return this.items.get(this.find('refreshToken')); }
}

export function web(storage = new Storage()) {
  const Auth = { Cognito: {
    userPoolId: outputs.UserPoolId, userPoolClientId: outputs.WebClientId, userPoolEndpoint: outputs.Endpoints.CognitoIdp,
    identityPoolId: outputs.IdentityPoolId, identityPoolEndpoint: outputs.Endpoints.CognitoIdentity, allowGuestAccess: true,
  } };
  return createAmplifyContext({ Auth }, { Auth: {
    tokenProvider: createUserPoolsTokenProvider(Auth, storage),
    credentialsProvider: createAWSCredentialsAndIdentityIdProvider(Auth, storage),
  } });
}

const beside = (clientId, storage = new Storage()) => {
  const Auth = { Cognito: {
    userPoolId: outputs.UserPoolId, userPoolClientId: clientId, userPoolEndpoint: outputs.Endpoints.CognitoIdp,
  } };
  return createAmplifyContext({ Auth }, { Auth: { tokenProvider: createUserPoolsTokenProvider(Auth, storage) } });
};
export const stepUp = storage => beside(outputs.StepUpClientId, storage);
export const account = storage => beside(outputs.AccountClientId, storage);

// What goes with the code from the mailbox, and with the sign-ins that follow.
export const challengeOf = verifier =>
  ({ proof_challenge: createHash('sha256').update(verifier).digest('base64url') });
export const verifierOf = verifier => ({ proof_verifier: verifier });
export const newVerifier = () => randomBytes(32).toString('base64url');

// Signs up and confirms, and by that proves the mailbox.
export async function proven() {
  const [email, verifier, context] = [newEmail(), newVerifier(), web()];
  await signUp(context, { username: email, password, options: { userAttributes: { email } } });
  await confirmSignUp(context, {
    username: email, confirmationCode: await code(email), options: { clientMetadata: challengeOf(verifier) },
  });
  return { email, verifier };
}
export const customer = async () => (await proven()).email;

export const signInInput = (username, clientMetadata) =>
  ({ username, password, options: { authFlowType: 'USER_SRP_AUTH', clientMetadata } });

// Sets up an authenticator for a customer, with an Account session. Two of its codes can always be had without waiting.
export async function enrol({ email, verifier }) {
  const context = account();
  await signIn(context, signInInput(email, verifierOf(verifier)));
  const authenticator = new Authenticator((await setUpTOTP(context)).sharedSecret);
  const used = await authenticator.next();
  await verifyTOTPSetup(context, { code: used });
  await updateMFAPreference(context, { totp: 'PREFERRED' });
  await signOut(context);
  return { authenticator, used };
}

// Seals it by its next code, and returns the context of the sign-in that did.
export async function seal({ email, verifier }, authenticator) {
  const context = stepUp();
  await signIn(context, signInInput(email));
  await confirmSignIn(context, {
    challengeResponse: await authenticator.next(), options: { clientMetadata: verifierOf(verifier) },
  });
  return context;
}
