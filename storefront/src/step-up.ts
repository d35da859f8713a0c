import { StepUpNeeded } from '@docs/api';
import type { Outputs } from '@docs/config';
import type { Prompts, Secret } from '@docs/sign-in';
import { enrol, leaveEverywhere, stepUp } from '@docs/step-up';
import { Dialog, type Question } from './dialog';
import { h } from './dom';
import { qr } from './qr';
import { session } from './session';

// The token of the last step-up. It is never stored, and forgotten with its customer.
let token: string | undefined;
session.watch(() => { token = undefined; });

// Does what only a stepped-up customer may. The shop says when the last step-up is too old.
export async function withStepUp<Result>(o: Outputs, purpose: string, action: (token: string) => Promise<Result>): Promise<Result> {
  if (token) {
    try {
      return await action(token);
    } catch (error) {
      if (!(error instanceof StepUpNeeded)) throw error;
      token = undefined;
    }
  }
  token = await prove(purpose, (email, password, dialog) => steppedUp(o, email, password, dialog));
  return action(token);
}

export const endEverySession = (o: Outputs) =>
  prove('To end every session, on every device, confirm that it is you.',
    (email, password, dialog) => leaveEverywhere(o, email, password, prompts(dialog)));

async function steppedUp(o: Outputs, email: string, password: string, dialog: Dialog): Promise<string> {
  const proven = await stepUp(o, email, password, prompts(dialog));
  if (proven) return proven;
  await enrol(o, email, password, prompts(dialog));
  const enrolled = await stepUp(o, email, password, prompts(dialog, 'Your app is set up. Now enter its next code: each code works once.'));
  if (!enrolled) throw new Error('The second factor is set up, but the shop did not ask for it.');
  return enrolled;
}

// Asks for the password, and lets the action ask for codes. What was wrong with the password is said where it is asked for again.
async function prove<Result>(
  purpose: string, action: (email: string, password: string, dialog: Dialog) => Promise<Result>,
): Promise<Result> {
  const customer = session.value;
  if (!customer) throw new Error('Sign in first.');
  if (customer.provider) {
    throw new Error(
      `You signed in with ${customer.provider}, so there is no password here to confirm that it is you. Sign up with e-mail for that.`);
  }
  const dialog = new Dialog();
  try {
    for (let problem: Error | undefined; ;) {
      const password = await dialog.ask(passwordQuestion(purpose, customer.email, problem));
      try {
        const result = await action(customer.email, password, dialog);
        dialog.finish();
        return result;
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'NotAuthorizedException') throw error;
        problem = error;
      }
    }
  } finally {
    dialog.close();
  }
}

const passwordQuestion = (purpose: string, email: string, problem?: Error): Question => ({
  title: 'Confirm that it is you',
  intro: [h('p', {}, purpose), h('p', { class: 'hint' }, `Signed in as ${email}`)],
  field: { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' },
  submit: 'Go on',
  problem,
});

const code = { name: 'code', label: 'Code', isCode: true };

// What Cognito may ask for during any sign-in, in a dialog.
export const prompts = (dialog: Dialog, where = 'Your authenticator app shows it, or it was sent to your phone.'): Prompts => ({
  code: problem => dialog.ask({ title: 'Enter your code', intro: [h('p', {}, where)], field: code, submit: 'Confirm', problem }),
  scan: (secret, problem) =>
    dialog.ask({ title: 'Set up an authenticator app', intro: scanIntro(secret), field: code, submit: 'Confirm', problem }),
});

const scanIntro = ({ uri, text }: Secret) => [
  h('p', {}, 'For this you need a second factor. Scan the code with an authenticator app, then enter what it shows.'),
  qr(uri.href, 'QR code with the secret for your authenticator app'),
  h('p', {}, 'Or enter this secret in the app: ', h('code', { class: 'secret' }, ...groups(text))),
  h('p', {}, h('a', { href: uri.href }, 'Open the app on this device')),
];

// In fours it can be typed; nothing is between them that could be copied.
const groups = (text: string) => (text.match(/.{1,4}/g) ?? []).map(group => h('span', {}, group));
