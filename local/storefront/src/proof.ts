import type { Outputs } from '@docs/config';
import { standing } from '@docs/links';
import { forgot, recover, type Proof } from '@docs/proof';
import { forget, withPassword } from '@docs/sign-in';
import type { Dialog } from './dialog';
import { h } from './dom';
import { code, newPassword } from './form';
import { inbox } from './inbox';
import { Cancelled } from './problem';
import { prompts } from './prompts';
import { load, session } from './session';

// The last proof of a mailbox, in this page's memory only: a reload, or another customer, and it is gone.
let held: Proof | undefined;
const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
session.watch(customer => { if (held && !same(customer?.email ?? '', held.email)) held = undefined; });

export const hold = (proof: Proof): void => { held = proof; };
export const drop = (): void => { held = undefined; };

// The proof that there is, if it counts for another minute.
export const proven = (email: string): Proof | undefined =>
  held && same(held.email, email) && held.expires - Date.now() > 60_000 ? held : undefined;

// The proof that there is, or another: a mailed code, entered with a new password.
export async function proofOf(
  o: Outputs, dialog: Dialog, email: string, purpose: string, problem?: Error,
): Promise<Proof> {
  return proven(email) ?? prove(o, dialog, email, purpose, problem);
}

export async function prove(
  o: Outputs, dialog: Dialog, email: string, purpose: string, problem?: Error, leaving = false,
): Promise<Proof> {
  await retried(async wrong => {
    await dialog.ask({
      title: 'Confirm your mailbox', fields: [], submit: 'Send the code', problem: wrong,
      intro: [
        h('p', {}, purpose),
        h('p', {}, 'We mail a code to ', h('strong', {}, email),
          '. You enter it with a new password, which ends all sign-ins of yours.'),
      ],
    });
    await forgot(email);
  }, problem);
  const proof = await retried(async wrong => {
    const { code: mailed = '', password = '' } = await dialog.ask({
      title: 'Enter the code from your mailbox', fields: [code, newPassword(o.PasswordLength, 'New password')],
      submit: 'Continue', problem: wrong,
      intro: [h('p', {}, 'We sent it to ', h('strong', {}, email), '.'), ...inbox(o, email), noCode()],
    });
    return recover(email, mailed, password);
  });
  held = proof;
  if (!leaving) await renew(o, dialog, proof);
  return proof;
}

export const noCode = () => h('p', { class: 'hint' },
  'If none comes, look among unwanted mail. Nothing is sent if this address has no account, or one that was never '
  + 'confirmed: that is removed after two days, and you can sign up.');

// The new password has ended this session, too. Where no code is asked for, the customer is signed in anew at once.
// Else the session goes on until its tokens expire or the page is loaded anew, which asks the identity pool: another
// code now would be one more to wait for.
async function renew(o: Outputs, dialog: Dialog, { email, password }: Proof): Promise<void> {
  const customer = session.value;
  if (!customer || !same(customer.email, email)) return;
  const { factor, signIn } = await standing(o);
  if (factor !== 'none' || signIn === 'provider') return;
  await forget(o);
  await withPassword(email, password, prompts(o, dialog));
  await load();
}

// Tries again for as long as the customer does.
async function retried<Result>(attempt: (problem?: Error) => Promise<Result>, problem?: Error): Promise<Result> {
  for (; ;) {
    try {
      return await attempt(problem);
    } catch (error) {
      if (!(error instanceof Error) || error instanceof Cancelled) throw error;
      problem = error;
    }
  }
}
