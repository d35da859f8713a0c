import { Hub } from 'aws-amplify/utils';
import { configure, type Outputs } from '@docs/config';
import { loadDeviceData } from '@docs/device-data';
import { h, one } from './dom';
import * as navigation from './navigation';
import { explain } from './problem';
import * as router from './router';
import { load, resume, session } from './session';
import { accountPage } from './views/account';
import { cartPage } from './views/cart';
import { confirmPage } from './views/confirmation';
import { connectPage } from './views/connect';
import { forgotPage } from './views/forgot';
import { ordersPage } from './views/orders';
import { protectPage } from './views/protect';
import { securityPage } from './views/security';
import { shop } from './views/shop';
import { signInPage } from './views/sign-in';
import { signUpPage } from './views/sign-up';
import { signedInPage } from './views/signed-in';

// Why managed login has not signed anybody in.
let failure: string | undefined;

Hub.listen('auth', ({ payload }) => {
  if (payload.event === 'signInWithRedirect_failure') {
    const { error } = payload.data;
    failure = error ? explain(error) : 'The sign-in page failed.';
  }
  // The session was ended elsewhere.
  if (payload.event === 'tokenRefresh_failure' && session.value) void load();
});

async function start(): Promise<void> {
  const o = await outputs();
  loadDeviceData(o);
  await configure(o);
  // Pages show what is wrong when they load something; without a session there is still a shop.
  await load().catch((error: unknown) => { failure = explain(error); });
  if (await resume().catch(() => false)) return;
  navigation.start();
  router.start({
    '/': shop(o),
    '/cart': cartPage(o),
    '/orders': ordersPage(o),
    '/account': accountPage(o),
    '/security': securityPage(o),
    '/protect': protectPage(o),
    '/connect': connectPage(o),
    '/confirm': confirmPage(o),
    '/forgot': forgotPage(o),
    '/sign-in': signInPage(o),
    '/sign-up': signUpPage(o),
    '/signed-in': signedInPage(() => failure),
  });
}

// The stage's outputs, from whoever serves this page.
async function outputs(): Promise<Outputs> {
  const response = await fetch('/config.json');
  if (!response.ok) throw new Error(`/config.json: ${response.status}`);
  return await response.json() as Outputs;
}

start().catch((error: unknown) => {
  one('main', HTMLElement).replaceChildren(
    h('h1', {}, 'The shop cannot be shown'), h('p', { class: 'problem', role: 'alert' }, explain(error)));
});
