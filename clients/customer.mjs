// Customers with Amplify, each with storage of their own, as if each had a browser.
import { createAmplifyContext } from 'aws-amplify';
import { createAWSCredentialsAndIdentityIdProvider, createUserPoolsTokenProvider } from 'aws-amplify/adapter-core';
import { confirmSignUp, setUpTOTP, signIn, signUp, updateMFAPreference, verifyTOTPSetup } from 'aws-amplify/auth';
import { ConsoleLogger } from 'aws-amplify/utils';
import { Authenticator } from '../storefront/test/authenticator.mjs';
import { code, newEmail, outputs, password } from './stage.mjs';

// Amplify warns of every endpoint that is not AWS's.
ConsoleLogger.LOG_LEVEL = 'ERROR';

export class Storage {
  items = new Map();
  async setItem(key, value) { this.items.set(key, value); }
  async getItem(key) { return this.items.get(key) ?? null; }
  async removeItem(key) { this.items.delete(key); }
  async clear() { this.items.clear(); }

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

export function stepUp(storage = new Storage()) {
  const Auth = { Cognito: {
    userPoolId: outputs.UserPoolId, userPoolClientId: outputs.StepUpClientId, userPoolEndpoint: outputs.Endpoints.CognitoIdp,
  } };
  return createAmplifyContext({ Auth }, { Auth: { tokenProvider: createUserPoolsTokenProvider(Auth, storage) } });
}

// Signs up, confirms, and returns the address.
export async function customer(name = 'Jane Doe') {
  const email = newEmail();
  const context = web();
  await signUp(context, { username: email, password, options: { userAttributes: { email, name } } });
  await confirmSignUp(context, { username: email, confirmationCode: await code(email) });
  return email;
}

export const signInInput = username => ({ username, password, options: { authFlowType: 'USER_SRP_AUTH' } });

// Sets up an authenticator for a customer, with a StepUp session. Two of its codes can always be had without waiting: tests that
// need a third take a customer of their own.
export async function enrol(email) {
  const context = stepUp();
  await signIn(context, signInInput(email));
  const authenticator = new Authenticator((await setUpTOTP(context)).sharedSecret);
  const used = await authenticator.next();
  await verifyTOTPSetup(context, { code: used });
  await updateMFAPreference(context, { totp: 'PREFERRED' });
  return { authenticator, used };
}
