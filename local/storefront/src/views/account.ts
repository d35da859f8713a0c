import { profile, type Profile } from '@docs/api';
import { changePayment, changeProfile } from '@docs/checkout';
import type { Outputs } from '@docs/config';
import { standing } from '@docs/links';
import { h, newId, type Child } from '../dom';
import { form } from '../form';
import { invitation, loading } from '../loading';
import { tell, type Page } from '../router';
import { session } from '../session';
import { withStepUp } from '../step-up';
import { needs } from './needs';
import { section } from './section';

export const accountPage = (o: Outputs): Page => () => ({
  title: 'Your account',
  body: session.value ? [loading('your account', async () => {
    const [known, mine] = await Promise.all([standing(o), profile(o)]);
    const missing = needs(known, 'To change your profile or how you pay');
    return [
      missing,
      h('div', { class: 'panels' },
        section('Profile', ...who(), ...missing ? shown(mine) : [profileForm(o, mine)]),
        !missing && payment(o),
        section('Security', h('p', {}, 'Second factor, password, connected providers, deleting the account.'),
          h('p', {}, h('a', { class: 'button', href: '/security' }, 'Go to your security')))),
    ];
  })] : invitation('Sign in to see your profile, or create an account.'),
});

const who = (): Child[] => [h('p', {}, session.value?.email)];
const shown = ({ name }: Profile): Child[] => [name && h('p', {}, name)];

const fields = [
  { name: 'name', label: 'Name', autocomplete: 'name' },
  { name: 'address', label: 'Address', autocomplete: 'street-address' },
] as const;

const profileForm = (o: Outputs, mine: Profile) => form({
  fields: fields.map(field => ({ ...field, value: mine[field.name], optional: true })),
  submit: 'Save the profile',
  action: async ({ name, address }) => {
    await withStepUp(o, 'To change your profile, confirm that it is you.', token => changeProfile(o, token, { name, address }));
    tell('Your profile is saved.');
  },
});

// Stands in for the form of the payment provider, from which a page gets a token and never a card number. These are Stripe's test
// tokens: https://docs.stripe.com/testing
const cards = [
  ['pm_card_visa', 'Visa, test card'], ['pm_card_mastercard', 'Mastercard, test card'], ['pm_card_amex', 'American Express, test card'],
] as const;

function payment(o: Outputs): HTMLElement {
  const name = newId();
  const choices = cards.map(([token, label], index) => {
    const input = h('input', { type: 'radio', id: newId(), name, value: token, checked: index === 0 });
    return { input, row: h('p', { class: 'choice' }, input, h('label', { for: input.id }, label)) };
  });
  const send = form({
    fields: [],
    submit: 'Save the payment method',
    action: async () => {
      const chosen = choices.find(({ input }) => input.checked)?.input.value ?? '';
      await withStepUp(o, 'To change how you pay, confirm that it is you.', token => changePayment(o, token, chosen));
      tell('Your payment method is saved.');
    },
  });
  send.prepend(h('fieldset', {}, h('legend', {}, 'Pay with'), ...choices.map(({ row }) => row)));
  return section('Payment', send, h('p', { class: 'hint' }, 'Which one is saved only the payment provider shows.'));
}
