import type { Outputs } from '@docs/config';
import { confirm, type Proof } from '@docs/proof';
import { resend } from '@docs/sign-in';
import { h } from '../dom';
import { code, currentPassword, form } from '../form';
import { inbox } from '../inbox';
import { signIn } from '../password';
import { explain } from '../problem';
import { hold } from '../proof';
import { go, tell, type Page } from '../router';

// Whose code is waited for. A reload leads back to that step; the password is in no storage, and asked for again.
const waitingKey = 'confirming';
let chosen: { email: string; password: string } | undefined;

export const isWaiting = (email: string) => sessionStorage.getItem(waitingKey) === email;
export function waitForCode(email: string, password: string): void {
  sessionStorage.setItem(waitingKey, email);
  chosen = { email, password };
}

// Sign-up leads here, and the first sign-in of somebody who has not confirmed the address.
export function goToConfirmation(email: string, password: string): void {
  waitForCode(email, password);
  go('/confirm');
}

export const confirmPage = (o: Outputs): Page => () => {
  const title = 'Confirm your address';
  const email = sessionStorage.getItem(waitingKey);
  if (!email) {
    return { title, body: [h('p', {}, 'No address waits for a code. ', h('a', { href: '/sign-in' }, 'Sign in'), '.')] };
  }
  const place = h('div', { class: 'panel' },
    ...confirmation(o, email, async proof => {
      hold(proof);
      await signIn(o, email, proof.password, '/protect');
    }),
    h('p', {}, 'Not your address? ', h('a', { href: '/sign-up' }, 'Begin again')));
  queueMicrotask(() => place.querySelector('input')?.focus());
  return { title, body: [place] };
};

// Asks for the code that was sent to a new customer.
export function confirmation(o: Outputs, email: string, then: (proof: Proof) => Promise<void>): HTMLElement[] {
  const password = chosen?.email === email ? chosen.password : undefined;
  let confirmed: Proof | undefined;
  return [
    h('p', {}, 'We sent a code to ', h('strong', {}, email), '.'),
    ...inbox(o, email),
    form({
      fields: password ? [code] : [code, { ...currentPassword, hint: 'The one that you have just chosen.' }],
      submit: 'Confirm',
      action: async values => {
        // The sign-in that follows may fail, or the customer turn back. A code works once; the form may be sent again.
        confirmed ??= await confirm(email, values.code ?? '', password ?? values.password ?? '');
        if (!password) confirmed = { ...confirmed, password: values.password ?? '' };
        sessionStorage.removeItem(waitingKey);
        await then(confirmed);
      },
      extra: [h('button', { type: 'button', class: 'quiet', click: () => void again(email) }, 'Send another code')],
    }),
  ];
}

async function again(email: string): Promise<void> {
  try {
    await resend(email);
    tell('Another code is on its way.');
  } catch (error) {
    tell(explain(error));
  }
}
