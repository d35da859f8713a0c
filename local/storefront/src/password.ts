import type { Outputs } from '@docs/config';
import { forget, withPassword } from '@docs/sign-in';
import { inDialog } from './dialog';
import { prompts } from './prompts';
import { goOn, tell } from './router';
import { load, session, takeNext } from './session';

// Signs in and goes on to where the customer wanted to go, or to another page first. If a second factor is asked for, a
// dialog asks for it.
export async function signIn(o: Outputs, email: string, password: string, first?: string): Promise<void> {
  // Amplify refuses a second sign-in.
  if (session.value) await forget(o);
  await inDialog(dialog => withPassword(email, password, prompts(o, dialog)));
  await load();
  goOn(first ?? takeNext());
  tell(`Welcome, ${session.value?.name ?? email}.`);
}
