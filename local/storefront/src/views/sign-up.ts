import type { Outputs } from '@docs/config';
import { register } from '@docs/sign-in';
import { h } from '../dom';
import { form, newPassword } from '../form';
import type { Page } from '../router';
import { remember } from '../session';
import { goToConfirmation } from './confirmation';

export const signUpPage = (o: Outputs): Page => url => {
  remember(url.searchParams.get('next'));
  return {
    title: 'Create an account',
    body: [h('div', { class: 'panel' },
      form({
        fields: [
          { name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username' }, newPassword(o.PasswordLength),
        ],
        submit: 'Create the account',
        action: async ({ email = '', password = '' }) => {
          await register(email, password);
          goToConfirmation(email, password);
        },
      }),
      h('p', {}, 'Have an account? ', h('a', { href: '/sign-in' }, 'Sign in'), ' or ',
        h('a', { href: '/forgot' }, 'choose a new password'), '.'))],
  };
};
