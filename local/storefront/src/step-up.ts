import { StepUpNeeded } from '@docs/api';
import type { Outputs } from '@docs/config';
import type { Proof } from '@docs/proof';
import { inSettings, ProofNeeded, setUpApp, setUpPhone } from '@docs/settings';
import { protect, stepUp } from '@docs/step-up';
import type { AmplifyContext } from 'aws-amplify';
import { inDialog, type Dialog } from './dialog';
import { h } from './dom';
import { currentPassword } from './form';
import { drop, proofOf } from './proof';
import { prompts } from './prompts';
import { session } from './session';

// The token of the last step-up. It is never stored, and forgotten with its customer.
let token: string | undefined;
session.watch(() => { token = undefined; });

export const isSteppedUp = () => token !== undefined;

// Does what only a stepped-up customer may. The shop says when the last step-up is too old.
export async function withStepUp<Result>(
  o: Outputs, purpose: string, action: (token: string) => Promise<Result>,
): Promise<Result> {
  if (token) {
    try {
      return await action(token);
    } catch (error) {
      if (!(error instanceof StepUpNeeded)) throw error;
      token = undefined;
    }
  }
  const { email } = signedIn();
  token = await inDialog(async dialog => {
    const proven = await withPasswordOf(o, dialog, email, purpose);
    return proven ?? protecting(o, dialog, email, 'Your second factor does not count yet.', protect);
  });
  return action(token);
}

export function signedIn() {
  if (!session.value) throw new Error('Sign in first.');
  return session.value;
}

// Asks for the password, then for what Cognito asks for. What was wrong with the password is said where it is asked for
// again. Nothing if no sealed factor was asked for.
export async function withPasswordOf(
  o: Outputs, dialog: Dialog, email: string, purpose: string,
): Promise<string | undefined> {
  for (let problem: Error | undefined; ;) {
    const password = await dialog.askFor({
      title: 'Confirm that it is you', intro: [h('p', {}, purpose), h('p', { class: 'hint' }, email)],
      field: currentPassword, submit: 'Continue', problem,
    });
    try {
      return await stepUp(o, email, password, prompts(o, dialog));
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'NotAuthorizedException') throw error;
      problem = error;
    }
  }
}

type Ask = ReturnType<typeof prompts>;
type Way = (o: Outputs, proof: Proof, ask: Ask) => Promise<string>;

// Goes a way that needs a proof of the mailbox and leads to a token. A proof that no longer counts is asked for anew.
export async function protecting(
  o: Outputs, dialog: Dialog, email: string, purpose: string, way: Way,
): Promise<string> {
  for (let problem: Error | undefined; ;) {
    const proof = await proofOf(o, dialog, email, purpose, problem);
    try {
      const sealed = await way(o, proof, prompts(o, dialog));
      drop();
      return sealed;
    } catch (error) {
      if (!(error instanceof ProofNeeded)) throw error;
      drop();
      problem = error;
    }
  }
}

const changed = (change: (context: AmplifyContext, proof: Proof, ask: Ask) => Promise<void>): Way =>
  async (o, proof, ask) => {
    await inSettings(o, proof, ask, context => change(context, proof, ask));
    const sealed = await stepUp(o, proof.email, proof.password, ask, proof.verifier);
    if (!sealed) throw new ProofNeeded('The code from your mailbox has expired. Ask for another.');
    return sealed;
  };

// Each makes the customer who is signed in one who can buy, and leaves a step-up behind.
const become = async (o: Outputs, purpose: string, way: Way) => {
  const { email } = signedIn();
  const sealed = await inDialog(dialog => protecting(o, dialog, email, purpose, way));
  token = sealed;
};
export const protectAccount = (o: Outputs) =>
  become(o, 'Before a second factor counts, you show that the mailbox is yours.', protect);
export const replaceApp = (o: Outputs) => become(o,
  'To set up another authenticator app, you show that the mailbox is yours.',
  changed((context, { email }, ask) => setUpApp(context, email, ask)));
export const usePhone = (o: Outputs, number: string) => become(o,
  'To use your phone, you show that the mailbox is yours.',
  changed((context, _, ask) => setUpPhone(context, number, ask)));
