import type { Outputs } from '@docs/config';
import { register } from '@docs/sign-in';
import { h } from '../dom';
import { form, newPassword } from '../form';
import { signIn } from '../password';
import { hold } from '../proof';
import type { Page } from '../router';
import { remember } from '../session';
import { askToConfirm } from './confirmation';

// Whose code is waited for: a reload leads back to that step. The password is in no storage.
const waiting = 'confirming';

export const signUpPage = (o: Outputs): Page => url => {
  remember(url.searchParams.get('next'));
  const place = h('div', { class: 'panel' });
  const confirm = (email: string, password?: string) => {
    sessionStorage.setItem(waiting, email);
    askToConfirm(place, o, { email, password }, async proof => {
      sessionStorage.removeItem(waiting);
      hold(proof);
      await signIn(o, email, proof.password, '/protect');
    });
    place.append(h('p', {}, 'Not your address? ', h('button', { type: 'button', class: 'quiet', click: start }, 'Begin again')));
  };
  const start = () => {
    sessionStorage.removeItem(waiting);
    place.replaceChildren(
      form({
        fields: [{ name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username' }, newPassword(o.PasswordLength)],
        submit: 'Create the account',
        action: async ({ email = '', password = '' }) => {
          await register(email, password);
          confirm(email, password);
        },
      }),
      h('p', {}, 'Have an account? ', h('a', { href: '/sign-in' }, 'Sign in'), ' or ',
        h('a', { href: '/forgot' }, 'choose a new password'), '.'),
    );
  };
  const email = sessionStorage.getItem(waiting);
  if (email) confirm(email);
  else start();
  return { title: 'Create an account', body: [place] };
};
