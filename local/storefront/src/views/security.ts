import type { Outputs } from '@docs/config';
import { disconnect, standing, type Standing } from '@docs/links';
import { labelOf, providers } from '@docs/providers';
import { h, type Child } from '../dom';
import { invitation, loading } from '../loading';
import { show, tell, type Page } from '../router';
import { session, signInAgainWith } from '../session';
import { replaceApp, withStepUp } from '../step-up';
import { needs } from './needs';
import { phone, sendsSMS } from './protect';
import { action, section } from './section';
import { deletion, password } from './security-account';

// What keeps others out of the account. Every change is behind the proof of the mailbox; what it costs is said before.
export const securityPage = (o: Outputs): Page => () => ({
  title: 'Your security',
  body: session.value
    ? [loading('your security', async () => content(o, await standing(o)))]
    : invitation('Sign in to see your security.'),
});

function content(o: Outputs, known: Standing): Child[] {
  if (known.signIn === 'provider') {
    return [
      h('p', {}, `You sign in with ${labelOf(o, known.provider ?? '')}, which keeps your password and your second factor for you.`),
      needs(o, known, 'To order here'),
    ];
  }
  return [
    h('p', {}, 'To change your second factor, your password or the account itself, you enter a code from your mailbox '
      + 'and a new password. That ends all sign-ins of yours within the hour. Here, too, you are asked to sign in '
      + 'again.'),
    h('div', { class: 'panels' },
      factors(o, known), ...texts(o, known), password(o), connected(o, known), deletion(o)),
  ];
}

const saying: Record<Standing['factor'], [string, string]> = {
  none: ['none', 'You have none yet, so nobody can order in your name, you included.'],
  unsealed: ['not confirmed', 'There is one, and nobody has shown yet that it is yours.'],
  suspended: ['paused', 'It pauses since your security was last opened, until you confirm it once more.'],
  sealed: ['active', 'It is asked for whenever you sign in, and before each order.'],
};

const done = () => {
  show();
  tell('Your second factor is active.');
};

const texts = (o: Outputs, { factor }: Standing) => factor !== 'none' && sendsSMS(o) ? [phone(o, done)] : [];

function factors(o: Outputs, { factor }: Standing): HTMLElement {
  const [state, text] = saying[factor];
  return section('Second factor',
    h('p', {}, h('span', { class: 'badge' }, state)), h('p', {}, text),
    factor !== 'sealed' && h('p', {}, h('a', { class: 'button primary', href: '/protect?next=/security' },
      factor === 'none' ? 'Set it up' : 'Confirm it')),
    factor !== 'none' && action('Use another authenticator app', async () => {
      await replaceApp(o);
      done();
    }),
    h('p', { class: 'hint' }, 'Lost your app or phone? The shop\'s support removes it once it has made sure that it is '
      + 'you.'));
}

function connected(o: Outputs, { links, canBuy }: Standing): HTMLElement {
  const rows = links.map(({ provider }) => {
    const label = labelOf(o, provider);
    return h('li', {}, h('span', {}, label), action('Disconnect', async () => {
      await withStepUp(o, `To disconnect ${label}, confirm that it is you.`, token => disconnect(o, token, provider));
      show();
      tell(`${label} is disconnected.`);
    }));
  });
  const others = providers(o).filter(({ name }) => !links.some(({ provider }) => provider === name));
  return section('Connected providers',
    links.length > 0 ? h('ul', { class: 'connected' }, ...rows) : h('p', {}, 'None.'),
    !canBuy && links.length > 0 && h('p', { class: 'hint' }, 'To disconnect, you need an active second factor.'),
    h('p', {}, 'To connect one, sign in with it. It must know you by the address of this account.'),
    h('div', { class: 'ways' },
      ...others.map(({ name, label }) => action(`Connect ${label}`, () => signInAgainWith(o, name, '/connect')))));
}
