import type { Outputs } from '@docs/config';
import { forgot, recover } from '@docs/proof';
import { h } from '../dom';
import { code, form, newPassword } from '../form';
import { inbox } from '../inbox';
import { signIn } from '../password';
import { explain } from '../problem';
import { hold, noCode } from '../proof';
import { go, show, tell, type Page } from '../router';

// Whose code is waited for: a reload leads back to that step.
const waitingKey = 'resetting';

// A new password by a mailed code, which proves the mailbox for the next minutes.
export const forgotPage = (o: Outputs): Page => url => {
  const waiting = sessionStorage.getItem(waitingKey);
  const given = url.searchParams.get('email') ?? '';
  const place = h('div', { class: 'panel' });
  if (waiting && ['', waiting].includes(given)) askForBoth(place, o, waiting);
  else askForAddress(place, given);
  return { title: 'Choose a new password', body: [place] };
};

const askForAddress = (place: HTMLElement, email: string) => place.append(
  h('p', {}, 'We mail you a code, with which you choose a new password. All sign-ins of yours end, on every device.'),
  form({
    fields: [{ name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username', value: email }],
    submit: 'Send the code',
    action: async ({ email: entered = '' }) => {
      await forgot(entered);
      sessionStorage.setItem(waitingKey, entered);
      history.replaceState(null, '', '/forgot');
      show();
    },
  }));

function askForBoth(place: HTMLElement, o: Outputs, email: string): void {
  let changed = false;
  const begin = () => {
    sessionStorage.removeItem(waitingKey);
    go('/forgot');
  };
  place.append(
    h('p', {}, 'If there is an account for ', h('strong', {}, email), ', a code is on its way there.'),
    ...inbox(o, email),
    noCode(),
    form({
      fields: [code, newPassword(o.PasswordLength, 'New password')],
      submit: 'Save and sign in',
      action: async ({ code: mailed = '', password = '' }) => {
        // The sign-in that follows may fail, or the customer turn back. The code works once.
        if (!changed) hold(await recover(email, mailed, password));
        changed = true;
        sessionStorage.removeItem(waitingKey);
        await signIn(o, email, password);
      },
      extra: [h('button', { type: 'button', class: 'quiet', click: () => void again(email) }, 'Send another code')],
    }),
    h('p', {}, 'Another address? ', h('button', { type: 'button', class: 'quiet', click: begin }, 'Begin again')));
  queueMicrotask(() => place.querySelector('input')?.focus());
}

async function again(email: string): Promise<void> {
  try {
    await forgot(email);
    tell('Another code is on its way.');
  } catch (error) {
    tell(explain(error));
  }
}
