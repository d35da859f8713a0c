import type { Outputs } from '@docs/config';
import type { Offer } from '@docs/links';
import { register } from '@docs/sign-in';
import { protect, stepUp } from '@docs/step-up';
import { inDialog } from '../dialog';
import { h } from '../dom';
import { currentPassword, form, newPassword } from '../form';
import { isNamed } from '../problem';
import { hold, prove } from '../proof';
import { prompts } from '../prompts';
import { protecting } from '../step-up';
import { confirmation, isWaiting, waitForCode } from './confirmation';
import { action, section } from './section';

type Then = (token: string) => Promise<void>;

const why = 'Before a second factor counts, you show that the mailbox is yours.';

// A new account for the provider's address: password, code, app. After a reload it goes on with the code.
export function fresh(o: Outputs, { email }: Offer, then: Then): HTMLElement {
  const place = section('New here');
  if (isWaiting(email)) {
    askForCode(place, o, email, then);
    return place;
  }
  place.append(
    h('p', {}, 'Choose a password for ', h('strong', {}, email), '. We mail a code there.'),
    form({
      fields: [newPassword(o.PasswordLength)],
      submit: 'Continue',
      action: async ({ password = '' }) => {
        await register(email, password);
        waitForCode(email, password);
        askForCode(place, o, email, then);
      },
      explain: error => isNamed(error, 'UsernameExistsException')
        ? 'There is an account with this address already. Sign in to it on this page.' : undefined,
    }));
  return place;
}

function askForCode(place: HTMLElement, o: Outputs, email: string, then: Then): void {
  const heading = h('h2', { id: place.getAttribute('aria-labelledby') ?? undefined }, 'Confirm your address');
  place.replaceChildren(heading, ...confirmation(o, email, async proof => {
    hold(proof);
    await then(await inDialog(dialog => protecting(o, dialog, email, why, protect)));
  }));
  place.querySelector('input')?.focus();
}

// An account that is there: password and code, or a new password if that is forgotten, or its factor does not count.
export function existing(o: Outputs, { email }: Offer, then: Then): HTMLElement {
  const viaMailbox = () => inDialog(dialog => protecting(o, dialog, email, why, protect));
  const place = section('You have an account here',
    h('p', {}, 'Sign in to it: ', h('strong', {}, email)),
    form({
      fields: [currentPassword],
      submit: 'Sign in',
      action: async ({ password = '' }) => {
        try {
          const token = await inDialog(dialog => stepUp(o, email, password, prompts(o, dialog)));
          await then(token ?? await viaMailbox());
        } catch (error) {
          if (isNamed(error, 'RESET_PASSWORD')) await then(await viaMailbox());
          else if (isNamed(error, 'CONFIRM_SIGN_UP')) {
            waitForCode(email, password);
            askForCode(place, o, email, then);
          } else throw error;
        }
      },
    }),
    action('Forgot your password?', async () => {
      await inDialog(dialog => prove(o, dialog, email, 'You choose a new password.'));
      await then(await viaMailbox());
    }, 'quiet'));
  return place;
}
