import type { Outputs } from '@docs/config';
import type { Standing } from '@docs/links';
import { labelOf } from '@docs/providers';
import { h } from '../dom';
import { remember } from '../session';

// What a customer has to do before they can buy, said before they try; nothing if they can.
export function needs(
  o: Outputs, { canBuy, signIn, provider = '', factor }: Standing, wish: string,
): HTMLElement | undefined {
  if (canBuy) return undefined;
  const name = labelOf(o, provider);
  const [text, label, href] = signIn === 'provider'
    ? [`${wish}, you need a password and an authenticator app of this shop: ${name} alone lets you look around. `
      + `It takes a few minutes, and you go on signing in with ${name}.`, 'Set them up', '/connect']
    : factor === 'none'
      ? [`${wish}, you need a second factor: an authenticator app. It takes two minutes.`, 'Protect your purchases',
        '/protect']
      : [`${wish}, your second factor has to be confirmed once more, by a code from your mailbox and one of the `
        + 'factor\'s. That is so after a change of your security, and where it was never confirmed.',
      'Confirm it', '/protect'];
  const link = h('a', { class: 'button primary', href, click: () => remember(location.pathname) }, label);
  return h('aside', { class: 'needs', 'aria-label': 'What is needed' }, h('p', {}, text), h('p', {}, link));
}
