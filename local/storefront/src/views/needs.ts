import type { Standing } from '@docs/links';
import { h } from '../dom';
import { remember } from '../session';

// What a customer has to do before they can buy, said before they try; nothing if they can.
export function needs({ canBuy, signIn, provider, factor }: Standing, wish: string): HTMLElement | undefined {
  if (canBuy) return undefined;
  const [text, label, href] = signIn === 'provider'
    ? [`${wish}, you need a password and an authenticator app of this shop: ${provider} alone lets you look around. `
      + 'It takes a few minutes, and you go on signing in with ' + `${provider}.`, 'Set them up', '/connect']
    : factor === 'none'
      ? [`${wish}, you need a second factor: an authenticator app. It takes two minutes.`, 'Protect your purchases',
        '/protect']
      : [`${wish}, your second factor has to be confirmed once more, by a code from your mailbox and one of the `
        + 'factor\'s. That is so after a change of your security, and where it was never confirmed.',
      'Confirm it', '/protect'];
  const link = h('a', { class: 'button primary', href, click: () => remember(location.pathname) }, label);
  return h('aside', { class: 'needs', 'aria-label': 'What is needed' }, h('p', {}, text), h('p', {}, link));
}
