import { h } from '../dom';
import { loading } from '../loading';
import { goOn, tell, type Page } from '../router';
import { session, takeNext } from '../session';

// The callback of managed login. Amplify has redeemed the code by the time that this page is shown, or says why it
// could not.
export const signedInPage = (failure: () => string | undefined): Page => () => ({
  title: 'Signing you in',
  body: [loading('your session', async () => {
    if (session.value) {
      // Not here, but after this page is shown.
      queueMicrotask(() => {
        goOn(takeNext());
        tell(`Welcome, ${session.value?.name ?? ''}.`);
      });
      return [];
    }
    return [
      h('p', {}, failure() ?? 'Nobody has signed in.'),
      h('p', {}, h('a', { class: 'button', href: '/sign-in' }, 'Try again')),
    ];
  })],
});
