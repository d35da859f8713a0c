import type { Outputs } from '@docs/config';
import { confirm, resend } from '@docs/sign-in';
import { h } from '../dom';
import { form } from '../form';
import { explain } from '../problem';
import { tell } from '../router';

// Shows, in the place of a form, one that asks for the code which was sent to a new customer.
export function askToConfirm(place: HTMLElement, o: Outputs, email: string, then: () => Promise<void>): void {
  let confirmed = false;
  place.replaceChildren(
    h('h2', {}, 'Confirm your address'),
    h('p', {}, 'We sent a code to ', h('strong', {}, email), '.'),
    ...(o.Endpoints ? [inbox(o.Endpoints.Inbox, email)] : []),
    form({
      fields: [{ name: 'code', label: 'Code', isCode: true }],
      submit: 'Confirm',
      action: async ({ code = '' }) => {
        // The sign-in that follows may fail, or the customer turn back. A code works once, and the form may be sent again.
        if (!confirmed) await confirm(email, code);
        confirmed = true;
        await then();
      },
      extra: [h('button', { type: 'button', class: 'quiet', click: () => void again(email) }, 'Send another code')],
    }),
  );
  place.querySelector('input')?.focus();
}

const inbox = (address: string, email: string) =>
  h('p', {}, 'On this machine nothing is sent: ',
    h('a', { href: `${address}/?to=${encodeURIComponent(email)}`, target: '_blank', rel: 'noopener' },
      'open the inbox', h('span', { class: 'heard' }, ' in a new tab')),
    '.');

async function again(email: string): Promise<void> {
  try {
    await resend(email);
    tell('Another code is on its way.');
  } catch (error) {
    tell(explain(error));
  }
}
