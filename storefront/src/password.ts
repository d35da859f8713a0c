import { withPassword } from '@docs/sign-in';
import { Dialog } from './dialog';
import { goOn, tell } from './router';
import { load, session, takeNext } from './session';
import { prompts } from './step-up';

// Signs in and goes on to where the customer wanted to go. If a second factor is asked for, a dialog asks for it.
export async function signIn(email: string, password: string): Promise<void> {
  let dialog: Dialog | undefined;
  const ask = () => prompts(dialog ??= new Dialog());
  try {
    await withPassword(email, password, { code: problem => ask().code(problem), scan: (secret, problem) => ask().scan(secret, problem) });
    dialog?.finish();
  } finally {
    dialog?.close();
  }
  await load();
  goOn(takeNext());
  tell(`Welcome, ${session.value?.name ?? email}.`);
}
