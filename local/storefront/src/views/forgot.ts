import type { Outputs } from '@docs/config';
import { forgot, recover } from '@docs/proof';
import { h } from '../dom';
import { code, form, newPassword } from '../form';
import { inbox } from '../inbox';
import { signIn } from '../password';
import { explain } from '../problem';
import { hold, noCode } from '../proof';
import { tell, type Page } from '../router';

// A new password by a mailed code, which proves the mailbox for the next minutes. A customer who loads the page anew in between
// begins again.
export const forgotPage = (o: Outputs): Page => url => {
  const place = h('div', { class: 'panel' });
  place.append(
    h('p', {}, 'We mail you a code, with which you choose a new password. All sign-ins of yours end, on every device.'),
    form({
      fields: [{
        name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username', value: url.searchParams.get('email') ?? '',
      }],
      submit: 'Send the code',
      action: async ({ email = '' }) => {
        await forgot(email);
        askForBoth(place, o, email);
      },
    }),
  );
  return { title: 'Choose a new password', body: [place] };
};

function askForBoth(place: HTMLElement, o: Outputs, email: string): void {
  let changed = false;
  place.replaceChildren(
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
        await signIn(o, email, password);
      },
      extra: [h('button', { type: 'button', class: 'quiet', click: () => void again(email) }, 'Send another code')],
    }),
  );
  place.querySelector('input')?.focus();
}

async function again(email: string): Promise<void> {
  try {
    await forgot(email);
    tell('Another code is on its way.');
  } catch (error) {
    tell(explain(error));
  }
}
