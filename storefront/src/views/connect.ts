import { StepUpNeeded } from '@docs/api';
import type { Outputs } from '@docs/config';
import { connect, offer, standing, type Offer } from '@docs/links';
import { cart } from '../cart';
import { h, type Child } from '../dom';
import { form } from '../form';
import { invitation, loading } from '../loading';
import { explain } from '../problem';
import { drop } from '../proof';
import { goOn, type Page } from '../router';
import { session, signInAgainWith } from '../session';
import { existing, fresh } from './connect-account';
import { place } from './cart-order';
import { totalOf } from './cart';
import { action, section } from './section';

// A customer of a provider comes to an account of their own, connects the provider with it, and orders what is in the cart. The
// offer is in this page's memory only; after a reload there is another, or the provider is asked once more.
export const connectPage = (o: Outputs): Page => () => ({
  title: 'A password and an app of this shop',
  body: session.value ? [loading('what is needed', () => begin(o))] : invitation('Sign in first, with your provider or your password.'),
});

async function begin(o: Outputs): Promise<Child[]> {
  const { signIn, provider = '' } = await standing(o);
  if (signIn === 'password') {
    queueMicrotask(() => goOn('/security'));
    return [];
  }
  try {
    return choose(o, await offer(o));
  } catch (error) {
    if (error instanceof StepUpNeeded) return [stale(o, provider)];
    return [h('p', { class: 'problem', role: 'alert' }, explain(error)), h('p', {}, h('a', { class: 'button', href: '/sign-up' }, 'Create an account'))];
  }
}

const stale = (o: Outputs, provider: string) => section(`Once more with ${provider}`,
  h('p', {}, `Before anything is connected with it, ${provider} has to confirm you anew: your sign-in is older than five minutes. Your cart stays as it is.`),
  action(`Continue with ${provider}`, () => signInAgainWith(o, provider, '/connect'), 'primary'));

function choose(o: Outputs, made: Offer): Child[] {
  const body = h('div', { class: 'panels' });
  const then = async (token: string) => {
    drop();
    body.replaceChildren(confirmation(o, made, token, body));
    body.querySelector('button')?.focus();
  };
  body.append(fresh(o, made, then), existing(o, made, then));
  return [
    h('p', {}, `You have signed in with ${made.provider} as `, h('strong', {}, made.email), '. An order needs more: a password and an authenticator app of this '
      + `shop, for the same address. ${made.provider} is then connected with that account, and you go on signing in with it.`),
    body,
  ];
}

// What is connected is on the screen before it is: an offer that somebody else has left here would show a stranger's address.
const confirmation = (o: Outputs, made: Offer, token: string, body: HTMLElement) => section(`Connect ${made.provider}?`,
  h('p', {}, `Whoever signs in with ${made.provider} as `, h('strong', {}, made.email), ' will be signed in to your account.'),
  form({
    fields: [],
    submit: `Connect ${made.provider}`,
    action: async () => {
      await connect(o, token, made);
      body.replaceChildren(connected(o, made.provider, token, body));
      body.querySelector('button')?.focus();
    },
    extra: [h('button', { type: 'button', click: () => body.replaceChildren(later(o, made.provider, token, body)) }, 'Not now')],
  }));

const connected = (o: Outputs, provider: string, token: string, body: HTMLElement) => section(`${provider} is connected`,
  ...cart.value.items.length > 0
    ? order(o, provider, token, body)
    : [h('p', {}, `One more sign-in with ${provider} leads to your account.`), again(o, provider, '/account')]);

const later = (o: Outputs, provider: string, token: string, body: HTMLElement) => section('Your account is ready',
  h('p', {}, `${provider} is not connected: with it you do not see this account. You can connect it another time.`),
  ...cart.value.items.length > 0 ? order(o, provider, token, body) : [again(o, provider, '/connect')]);

const again = (o: Outputs, provider: string, next: string) =>
  action(`Continue with ${provider}`, () => signInAgainWith(o, provider, next), 'primary');

const order = (o: Outputs, provider: string, token: string, body: HTMLElement): Child[] => [
  h('p', { class: 'total' }, 'Total ', h('strong', {}, totalOf(cart.value.items))),
  form({
    fields: [],
    submit: 'Place the order',
    action: async () => {
      const total = await place(o, token);
      body.replaceChildren(section('Thank you', h('p', { role: 'status' }, `Your order of ${total} is placed.`),
        h('p', {}, `One more sign-in with ${provider} leads to it.`), again(o, provider, '/orders')));
      body.querySelector('button')?.focus();
    },
  }),
];
