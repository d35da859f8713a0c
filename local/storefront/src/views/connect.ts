import { Refused, StepUpNeeded } from '@docs/api';
import type { Outputs } from '@docs/config';
import { connect, offer, standing, type Offer } from '@docs/links';
import { labelOf } from '@docs/providers';
import { cart } from '../cart';
import { h, type Child } from '../dom';
import { form } from '../form';
import { invitation, loading } from '../loading';
import { explain } from '../problem';
import { drop } from '../proof';
import { goOn, type Page } from '../router';
import { session, signInAgainWith } from '../session';
import { existing, fresh } from './connect-account';
import { place as buy } from './cart-order';
import { totalOf } from './cart';
import { action, section } from './section';

// A customer of a provider comes to an account of their own, connects the provider with it, and orders what is in the
// cart. The offer is in this page's memory only; after a reload there is another, or the provider is asked once more.
export const connectPage = (o: Outputs): Page => () => ({
  title: 'Set up your account',
  body: session.value
    ? [loading('what is needed', () => begin(o))]
    : invitation('Sign in first, with your provider or your password.'),
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
    const instead = h('a', { class: 'button', href: '/sign-up' }, 'Create an account');
    return [h('p', { class: 'problem', role: 'alert' }, explain(error)), h('p', {}, instead)];
  }
}

const stale = (o: Outputs, provider: string) => section(`Once more with ${labelOf(o, provider)}`,
  h('p', {}, `Before anything is connected with it, ${labelOf(o, provider)} has to confirm you anew: your sign-in is older than `
    + 'five minutes. Your cart stays as it is.'),
  again(o, provider, '/connect'));

function choose(o: Outputs, made: Offer): Child[] {
  const place = h('div');
  const label = labelOf(o, made.provider);
  const then = async (token: string) => {
    drop();
    next(place, question(o, made, token, place));
  };
  place.append(
    h('p', {}, `You have signed in with ${label} as `, h('strong', {}, made.email), '. An order needs more: a '
      + `password and an authenticator app of this shop, for the same address. ${label} is then connected with `
      + 'that account, and you go on signing in with it.'),
    h('div', { class: 'panels' }, fresh(o, made, then), existing(o, made, then)));
  return [place];
}

// Shows what comes next, and gives it the focus, which was in what is gone.
function next(place: HTMLElement, section: HTMLElement): void {
  place.replaceChildren(section);
  section.querySelector('button')?.focus();
}

// What is connected is on the screen before it is: an offer that somebody else has left here would show a stranger's
// address.
const question = (o: Outputs, made: Offer, token: string, place: HTMLElement) => section(
  `Connect ${labelOf(o, made.provider)}?`,
  h('p', {}, `A sign-in with ${labelOf(o, made.provider)} as `, h('strong', {}, made.email),
    ' will lead to your account here.'),
  form({
    fields: [],
    submit: `Connect ${labelOf(o, made.provider)}`,
    action: async () => {
      try {
        await connect(o, token, made);
      } catch (error) {
        // The offer is unknown, used or expired, or the sign-in is another account's: this offer will never connect.
        if (!(error instanceof Refused) || ![404, 409, 410].includes(error.status)) throw error;
        next(place, refused(o, made.provider, token, place, error));
        return;
      }
      next(place, connected(o, made.provider, token, place));
    },
    extra: [h('button', { type: 'button', click: () => leave(o, made.provider, token, place) }, 'Not now')],
  }));

// Nothing is lost: the account is ready, and the next sign-in with the provider makes another offer.
const refused = (o: Outputs, provider: string, token: string, place: HTMLElement, error: Refused) => section(
  `${labelOf(o, provider)} could not be connected`,
  h('p', { class: 'problem', role: 'alert' }, explain(error)),
  h('p', {}, 'Your account is ready all the same, and your cart stays as it is.'),
  again(o, provider, '/connect'),
  h('p', { class: 'onward' },
    h('button', { type: 'button', click: () => leave(o, provider, token, place) }, 'Not now')));

const connected = (o: Outputs, provider: string, token: string, place: HTMLElement) => section(
  `${labelOf(o, provider)} is connected`,
  ...order(o, token, place, [
    h('p', {}, `One more sign-in with ${labelOf(o, provider)} leads to your account.`), again(o, provider, '/orders'),
  ]));

const leave = (o: Outputs, provider: string, token: string, place: HTMLElement) =>
  next(place, apart(o, provider, token, place));

// Without connecting, the provider leads to a profile apart from the account.
const apart = (o: Outputs, provider: string, token: string, place: HTMLElement) => section('Your account is ready',
  h('p', {}, `${labelOf(o, provider)} is not connected.`),
  ...order(o, token, place, [
    h('p', {}, 'To see your account, sign in with your address and password, or connect '
      + `${labelOf(o, provider)} after another sign-in with it.`),
    h('p', {},
      h('a', { class: 'button primary', href: '/sign-in?again&next=/orders' }, 'Sign in with your password')),
    again(o, provider, '/connect', ''),
  ]));

const again = (o: Outputs, provider: string, path: string, look = 'primary') =>
  action(`Continue with ${labelOf(o, provider)}`, () => signInAgainWith(o, provider, path), look);

// The step-up that has connected can order, too: it is the new account's. Then, or if the cart is empty, comes the
// rest.
function order(o: Outputs, token: string, place: HTMLElement, rest: Child[]): Child[] {
  if (cart.value.items.length === 0) return rest;
  const send = form({
    fields: [],
    submit: 'Place the order',
    action: async () => {
      const total = await buy(o, token);
      next(place, section('Thank you', h('p', { role: 'status' }, `Your order of ${total} is placed.`), ...rest));
    },
  });
  return [h('p', { class: 'total' }, 'Total ', h('strong', {}, totalOf(cart.value.items))), send];
}
