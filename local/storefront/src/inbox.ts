import type { Outputs } from '@docs/config';
import { h } from './dom';

// Where a stage on this machine shows what it would have sent; nothing anywhere else.
export const inbox = (o: Outputs, to: string): HTMLElement[] => o.Endpoints ? [
  h('p', {}, 'On this machine nothing is sent: ',
    h('a', { href: `${o.Endpoints.Inbox}/?to=${encodeURIComponent(to)}`, target: '_blank', rel: 'noopener' },
      'open the inbox', h('span', { class: 'heard' }, ' in a new tab')),
    '.'),
] : [];
