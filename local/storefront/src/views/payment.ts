import { changePayment } from '@docs/checkout';
import type { Outputs } from '@docs/config';
import { h, newId } from '../dom';
import { form } from '../form';
import { tell } from '../router';
import { session } from '../session';
import { withStepUp } from '../step-up';
import { section } from './section';

// Stands in for the form of the payment provider, from which a page gets a token and never a card number. These are
// Stripe's test tokens: https://docs.stripe.com/testing
const cards = [
  ['pm_card_visa', 'Visa, test card'], ['pm_card_mastercard', 'Mastercard, test card'],
  ['pm_card_amex', 'American Express, test card'],
] as const;

// The API stores a payment method and shows none. What this browser has saved is noted here, without the token, for as
// long as its customer is signed in.
const savedKey = 'payment';
interface Saved { customer: string; label: string; at: number }

session.watch(customer => { if (!customer) localStorage.removeItem(savedKey); });

function saved(): Saved | undefined {
  const noted = JSON.parse(localStorage.getItem(savedKey) ?? 'null') as Saved | null;
  return noted && noted.customer === session.value?.id ? noted : undefined;
}

export function payment(o: Outputs): HTMLElement {
  const name = newId();
  const known = saved();
  const place = h('div', {}, ...standing(known));
  const choices = cards.map(([token, label], index) => {
    const checked = known ? known.label === label : index === 0;
    const input = h('input', { type: 'radio', id: newId(), name, value: token, checked });
    return { input, label, row: h('p', { class: 'choice' }, input, h('label', { for: input.id }, label)) };
  });
  const send = form({
    fields: [],
    submit: 'Save the payment method',
    action: async () => {
      const { input, label } = choices.find(choice => choice.input.checked) ?? choices[0]!;
      const change = (token: string) => changePayment(o, token, input.value);
      await withStepUp(o, 'To change how you pay, confirm that it is you.', change);
      const noted: Saved = { customer: session.value?.id ?? '', label, at: Date.now() };
      localStorage.setItem(savedKey, JSON.stringify(noted));
      place.replaceChildren(...standing(noted));
      tell('Your payment method is saved.');
    },
  });
  send.prepend(h('fieldset', {}, h('legend', {}, 'Pay with'), ...choices.map(({ row }) => row)));
  return section('Payment', place, send);
}

const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' });

const standing = (known: Saved | undefined): HTMLElement[] => known ? [
  h('p', { class: 'saved' }, h('strong', {}, known.label), h('span', { class: 'badge' }, 'saved')),
  h('p', { class: 'hint' }, `Saved in this browser on ${date.format(known.at)}. `
    + 'If you have changed it elsewhere since, that counts.'),
] : [h('p', { class: 'hint' }, 'If you have saved one before, it counts until you save another. '
  + 'The shop does not show it: your payment provider does.')];
