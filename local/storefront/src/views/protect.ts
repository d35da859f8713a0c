import type { Outputs } from '@docs/config';
import { standing } from '@docs/links';
import { h, type Child } from '../dom';
import { form } from '../form';
import { invitation, loading } from '../loading';
import { proven } from '../proof';
import { goOn, tell, type Page } from '../router';
import { remember, session, takeNext } from '../session';
import { protectAccount, usePhone } from '../step-up';
import { action, section } from './section';

// The way to a second factor that counts. Sign-up leads here with the mailbox proven; after a reload, or later on, it
// is proven first.
export const protectPage = (o: Outputs): Page => url => {
  remember(url.searchParams.get('next'));
  const customer = session.value;
  if (!customer) return { title: 'Protect your purchases', body: invitation('Sign in to protect your purchases.') };
  return {
    title: 'Protect your purchases',
    body: [loading('your security', async () => {
      const { canBuy, signIn, factor } = await standing(o);
      if (signIn === 'provider') {
        queueMicrotask(() => goOn('/connect'));
        return [];
      }
      const already = 'They are protected: a second factor is asked for with each.';
      if (canBuy) return [h('p', {}, already), onward('Continue')];
      return [
        h('p', {}, 'Somebody who finds out your password must not shop with it. So an order also needs a second '
          + 'factor, which only you have.'),
        steps(proven(customer.email) !== undefined, factor !== 'none'),
        h('div', { class: 'panels' }, app(o, factor !== 'none'), factor === 'none' && sendsSMS(o) && phone(o)),
        onward('Not now'),
      ];
    })],
  };
};

export const sendsSMS = (o: Outputs) => o.SecondFactors.split(',').includes('SMS');

const onward = (label: string) => {
  const link = h('a', { class: 'button', href: '/', click: event => {
    event.preventDefault();
    goOn(takeNext());
  } }, label);
  return h('p', { class: 'onward' }, link);
};

function steps(isProven: boolean, hasFactor: boolean): HTMLElement {
  const mailbox: Child[] = isProven ? [] : [h('li', {}, 'We mail you a code, and you enter it with a new password.')];
  const factor = hasFactor
    ? [h('li', {}, 'You enter a code of your second factor.')]
    : [h('li', {}, 'You scan a picture with an authenticator app, and enter the code that it shows.'),
      h('li', {}, 'You enter the next code, up to half a minute later.')];
  return h('ol', { class: 'steps' }, ...mailbox, ...factor);
}

const done = () => {
  goOn(takeNext());
  tell('Your purchases are protected.');
};

const app = (o: Outputs, hasFactor: boolean) => section(hasFactor ? 'Your second factor' : 'Authenticator app',
  h('p', {}, hasFactor
    ? 'It is there, and has only to be confirmed.'
    : 'Any will do that shows codes of six digits. It needs no network.'),
  action(hasFactor ? 'Confirm it' : 'Set up the app', async () => {
    await protectAccount(o);
    done();
  }, 'primary'));

export const phone = (o: Outputs, then: () => void = done) => section('Text messages',
  h('p', {}, 'Codes are sent to your phone. An app is safer: numbers can be moved to another card.'),
  form({
    fields: [{
      name: 'phone', label: 'Phone number', type: 'tel', autocomplete: 'tel', placeholder: '+4915112345678',
      hint: 'With + and the country.',
    }],
    submit: 'Use this phone',
    action: async ({ phone: number = '' }) => {
      await usePhone(o, number.replaceAll(/[\s()/-]/g, ''));
      then();
    },
  }));
