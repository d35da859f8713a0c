import type { Outputs } from '@docs/config';
import { buttonOf, providers } from '@docs/providers';
import { leave, withManagedLogin, withProvider } from '@docs/sign-in';
import { h, newId } from '../dom';
import { currentPassword, form } from '../form';
import { signIn } from '../password';
import { isNamed } from '../problem';
import { go, tell, type Page } from '../router';
import { load, remember, session } from '../session';
import { goToConfirmation } from './confirmation';
import { action } from './section';

export const signInPage = (o: Outputs): Page => url => {
  remember(url.searchParams.get('next'));
  const again = url.searchParams.has('again');
  if (session.value && !again) {
    return { title: 'Sign in', body: [h('p', {}, `You are signed in as ${session.value.email}.`)] };
  }
  // A session that has ended may still have its tokens here, and Amplify would refuse a second sign-in.
  const ready = session.value ? leave().then(load) : Promise.resolve();
  const place = h('div', { class: 'panel' });
  place.append(
    form({
      fields: [{ name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username' }, currentPassword],
      submit: 'Sign in',
      action: async ({ email = '', password = '' }) => {
        await ready;
        try {
          await signIn(o, email, password);
        } catch (error) {
          if (isNamed(error, 'RESET_PASSWORD')) {
            go(`/forgot?email=${encodeURIComponent(email)}`);
            tell('Before you sign in, choose a new password.');
            return;
          }
          // The password was right: it is the one of this sign-up.
          if (!isNamed(error, 'CONFIRM_SIGN_UP')) throw error;
          goToConfirmation(email, password);
        }
      },
    }),
    h('p', {}, h('a', { href: '/forgot' }, 'Forgot your password?')),
    h('p', {}, 'New here? ', h('a', { href: '/sign-up' }, 'Create an account')),
  );
  return { title: 'Sign in', body: [h('div', { class: 'panels' }, place, others(o, ready))] };
};

function others(o: Outputs, ready: Promise<void>): HTMLElement {
  const way = (label: string, start: () => Promise<void>, look?: string) => action(label, async () => {
    await ready;
    await start();
  }, look);
  const heading = h('h2', { id: newId() }, 'Sign in another way');
  return h('section', { class: 'panel', 'aria-labelledby': heading.id }, heading,
    h('div', { class: 'ways' },
      // In the order of the config and of one size. What they say and their colours are the providers' rules: "Buttons of
      // providers" in docs/clients.md.
      ...providers(o).map(provider => way(buttonOf(provider), () => withProvider(provider.name), provider.kind)),
      way('Use the sign-in page of the shop', withManagedLogin)));
}
