import type { Outputs } from '@docs/config';
import { register } from '@docs/sign-in';
import { h } from '../dom';
import { form } from '../form';
import { signIn } from '../password';
import type { Page } from '../router';
import { askToConfirm } from './confirmation';

export const signUpPage = (o: Outputs): Page => () => {
  const place = h('div', { class: 'panel' });
  place.append(
    form({
      fields: [
        { name: 'name', label: 'Name', autocomplete: 'name' },
        { name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username' },
        {
          name: 'password', label: 'Password', type: 'password', autocomplete: 'new-password',
          hint: 'A long one, with upper and lower case, a digit and a symbol.',
        },
      ],
      submit: 'Create the account',
      action: async ({ name = '', email = '', password = '' }) => {
        await register(email, password, name);
        askToConfirm(place, o, email, () => signIn(email, password));
      },
      // Cognito's own words name the rule that the password breaks.
      explain: error => error instanceof Error && error.name === 'InvalidPasswordException' ? error.message : undefined,
    }),
    h('p', {}, 'Have an account? ', h('a', { href: '/sign-in' }, 'Sign in')),
  );
  return { title: 'Create an account', body: [place] };
};
