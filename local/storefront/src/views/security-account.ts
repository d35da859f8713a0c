import type { Outputs } from '@docs/config';
import { deleteAccount, ProofNeeded } from '@docs/settings';
import { forget } from '@docs/sign-in';
import { fetchAuthSession } from 'aws-amplify/auth';
import { inDialog } from '../dialog';
import { h } from '../dom';
import { WrongEntry } from '../problem';
import { drop, proofOf, prove } from '../proof';
import { prompts } from '../prompts';
import { go, show, tell } from '../router';
import { load, session } from '../session';
import { signedIn } from '../step-up';
import { action, section } from './section';

// Both are a new password: it ends every session, the pool says so, and this page makes sure.
export const password = (o: Outputs): HTMLElement => section('Password and sign-ins',
  h('p', {}, 'A new password ends all sign-ins of yours, on every device, within the hour.'),
  action('Change your password', async () => {
    await inDialog(dialog => prove(o, dialog, signedIn().email, 'You choose a new password.'));
    show();
    tell('Your new password is saved.');
  }),
  action('Sign out everywhere', async () => {
    const purpose = 'To end all sign-ins, you choose a new password.';
    await inDialog(dialog => prove(o, dialog, signedIn().email, purpose, undefined, true));
    const over = await fetchAuthSession({ forceRefresh: true }).then(({ tokens }) => !tokens, () => true);
    await leaveHere(o);
    if (!over) {
      throw new Error('Your new password is saved, but the sign-ins could not be ended. Choose another in a minute.');
    }
    go('/');
    tell('You are signed out here. Every other device is signed out within the hour.');
  }));

// The address is typed: the button alone is too near.
export function deletion(o: Outputs): HTMLElement {
  return section('Delete the account',
    h('p', {}, 'Your sign-in, your second factor and connected providers are deleted at once, and nobody can bring '
      + 'them back.'),
    h('p', {}, 'Orders stay, under the number below, because the shop has to keep them. So do your profile, your '
      + 'payment method and your documents, until you ask the shop to erase them: tell it this number.'),
    h('p', {}, h('code', {}, session.value?.id)),
    action('Delete the account', async () => {
      const { email } = signedIn();
      await inDialog(async dialog => {
        let problem: Error | undefined;
        for (let typed = ''; typed.toLowerCase() !== email.toLowerCase();) {
          typed = await dialog.askFor({
            title: 'Delete the account?',
            intro: [h('p', {}, 'Enter the address of the account: ', h('strong', {}, email))],
            field: { name: 'email', label: 'E-mail', type: 'email' }, submit: 'Continue', problem,
          });
          problem = new WrongEntry('email', 'That is another address.');
        }
        const proof = await proofOf(o, dialog, email, 'To delete the account, you show that the mailbox is yours.');
        await deleteAccount(o, proof, prompts(o, dialog)).catch((error: unknown) => {
          if (error instanceof ProofNeeded) drop();
          throw error;
        });
      });
      await leaveHere(o);
      go('/');
      tell('Your account is deleted.');
    }, 'danger'));
}

async function leaveHere(o: Outputs): Promise<void> {
  drop();
  await forget(o);
  await load();
}
