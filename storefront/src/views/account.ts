import { profile, type Profile } from '@docs/api';
import { changePayment, changeProfile } from '@docs/checkout';
import type { Outputs } from '@docs/config';
import { leave } from '@docs/sign-in';
import { h, newId, type Child } from '../dom';
import { busy, form } from '../form';
import { loading } from '../loading';
import { Cancelled, explain } from '../problem';
import { go, tell, type Page } from '../router';
import { load, session } from '../session';
import { endEverySession, withStepUp } from '../step-up';

export const accountPage = (o: Outputs): Page => () => ({
  title: 'Your account',
  body: [h('div', { class: 'panels' },
    loading('your profile', async () => [section('Profile', ...profileForm(o, await profile(o)))]), payment(o), sessions(o))],
});

function section(title: string, ...content: Child[]): HTMLElement {
  const heading = h('h2', { id: newId() }, title);
  return h('section', { class: 'panel', 'aria-labelledby': heading.id }, heading, ...content);
}

const profileForm = (o: Outputs, { email, emailVerified, name }: Profile): Child[] => [
  h('p', {}, email, emailVerified && ' ', emailVerified && h('span', { class: 'badge' }, 'verified')),
  session.value?.provider && h('p', {}, `You sign in with ${session.value.provider}.`),
  form({
    fields: [{ name: 'name', label: 'Name', value: name, autocomplete: 'name' }],
    submit: 'Save the name',
    action: async ({ name: wanted }) => {
      await withStepUp(o, 'To change your profile, confirm that it is you.', token => changeProfile(o, token, { name: wanted }));
      tell('Your name is saved.');
    },
  }),
];

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
  return section('Payment', send);
}

function sessions(o: Outputs): HTMLElement {
  const problem = h('p', { class: 'problem', role: 'alert' });
  const ending = (label: string, said: string, end: () => Promise<void>) => {
    const button = h('button', { type: 'button', click: () => void run() }, label);
    const run = async () => {
      problem.textContent = '';
      busy(button, true);
      try {
        await end();
        await leave();
        await load();
        go('/');
        tell(said);
      } catch (error) {
        if (!(error instanceof Cancelled)) problem.textContent = explain(error);
      } finally {
        busy(button, false);
      }
    };
    return button;
  };
  return section('Sessions', problem, h('p', { class: 'actions' },
    ending('Sign out', 'You are signed out.', async () => undefined),
    ending('Sign out everywhere', 'You are signed out on every device.', () => endEverySession(o))));
}
