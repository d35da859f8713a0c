import type { Outputs } from '@docs/config';
import { leave, withFacebook, withGoogle, withManagedLogin } from '@docs/sign-in';
import { h, newId } from '../dom';
import { busy, form } from '../form';
import { signIn } from '../password';
import { explain } from '../problem';
import type { Page } from '../router';
import { load, remember, session } from '../session';
import { askToConfirm } from './confirmation';

export const signInPage = (o: Outputs): Page => url => {
  remember(url.searchParams.get('next'));
  const again = url.searchParams.has('again');
  if (session.value && !again) return { title: 'Sign in', body: [h('p', {}, `You are signed in as ${session.value.email}.`)] };
  // Whoever comes because of a session that has ended may still hold its tokens, and Amplify would refuse a second sign-in.
  const ready = session.value ? leave().then(load) : Promise.resolve();
  const place = h('div', { class: 'panel' });
  place.append(
    form({
      fields: [
        { name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username' },
        { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' },
      ],
      submit: 'Sign in',
      action: async ({ email = '', password = '' }) => {
        await ready;
        try {
          await signIn(email, password);
        } catch (error) {
          if (!(error instanceof Error) || error.name !== 'CONFIRM_SIGN_UP') throw error;
          askToConfirm(place, o, email, () => signIn(email, password));
        }
      },
    }),
    h('p', {}, 'New here? ', h('a', { href: '/sign-up' }, 'Create an account')),
  );
  return { title: 'Sign in', body: [h('div', { class: 'panels' }, place, others(ready))] };
};

function others(ready: Promise<void>): HTMLElement {
  const problem = h('p', { class: 'problem', role: 'alert' });
  const way = (label: string, start: () => Promise<void>) => {
    const button = h('button', { type: 'button', click: () => void run() }, label);
    const run = async () => {
      busy(button, true);
      try {
        await ready;
        await start();
      } catch (error) {
        problem.textContent = explain(error);
        busy(button, false);
      }
    };
    return button;
  };
  const heading = h('h2', { id: newId() }, 'Other ways');
  return h('section', { class: 'panel', 'aria-labelledby': heading.id }, heading, problem,
    h('div', { class: 'ways' },
      way('Continue with Google', withGoogle), way('Continue with Facebook', withFacebook), way('Use managed login', withManagedLogin)));
}
