import type { Outputs } from '@docs/config';
import { confirm, type Proof } from '@docs/proof';
import { resend } from '@docs/sign-in';
import { h } from '../dom';
import { code, currentPassword, form } from '../form';
import { inbox } from '../inbox';
import { explain } from '../problem';
import { tell } from '../router';

// Shows, in the place of a form, one that asks for the code which was sent to a new customer. The password is asked for
// again if the page has been loaded anew since it was chosen.
export function askToConfirm(
  place: HTMLElement, o: Outputs, { email, password }: { email: string; password?: string }, then: (proof: Proof) => Promise<void>,
): void {
  let confirmed: Proof | undefined;
  place.replaceChildren(
    h('h2', {}, 'Confirm your address'),
    h('p', {}, 'We sent a code to ', h('strong', {}, email), '.'),
    ...inbox(o, email),
    form({
      fields: password ? [code] : [code, { ...currentPassword, hint: 'The one that you have just chosen.' }],
      submit: 'Confirm',
      action: async values => {
        // The sign-in that follows may fail, or the customer turn back. A code works once, and the form may be sent again.
        confirmed ??= await confirm(email, values.code ?? '', password ?? values.password ?? '');
        if (!password) confirmed = { ...confirmed, password: values.password ?? '' };
        await then(confirmed);
      },
      extra: [h('button', { type: 'button', class: 'quiet', click: () => void again(email) }, 'Send another code')],
    }),
  );
  place.querySelector('input')?.focus();
}

async function again(email: string): Promise<void> {
  try {
    await resend(email);
    tell('Another code is on its way.');
  } catch (error) {
    tell(explain(error));
  }
}
