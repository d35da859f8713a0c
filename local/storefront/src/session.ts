import type { Outputs } from '@docs/config';
import { customer, leave, leaveManagedLogin, withProvider, type Customer } from '@docs/sign-in';
import { isNamed } from './problem';
import { Store } from './store';

// Who is signed in here.
export const session = new Store<Customer | undefined>(undefined);

// Asks Amplify, which may still be redeeming the code of managed login. A browser that has been here before may hold
// what the stage has forgotten; nobody could even browse with it, so it is dropped.
export async function load(): Promise<void> {
  try {
    session.value = await customer();
  } catch (error) {
    if (!isNamed(error, 'NotAuthorizedException', 'ResourceNotFoundException')) throw error;
    await leave();
    session.value = await customer();
  }
}

// Where the customer wanted to go before signing in. It outlives the way through managed login, but not this tab.
const nextKey = 'next';

export function remember(path: string | null): void {
  // A path of this site: "//elsewhere.example" would be another one, and browsers read a backslash as a slash.
  if (path && /^\/(?![/\\])/.test(path)) sessionStorage.setItem(nextKey, path);
}

export function takeNext(): string {
  const path = sessionStorage.getItem(nextKey) ?? '/';
  sessionStorage.removeItem(nextKey);
  return path;
}

// The provider to sign in with once this session has ended. Ending it leads through managed login, and back to another
// page.
const resumeKey = 'resume';

export async function signInAgainWith(o: Outputs, provider: string, next: string): Promise<void> {
  remember(next);
  sessionStorage.setItem(resumeKey, provider);
  await leaveManagedLogin(o);
}

// Goes on to the provider, if that is what the last page has left to do.
export async function resume(): Promise<boolean> {
  const provider = sessionStorage.getItem(resumeKey);
  sessionStorage.removeItem(resumeKey);
  if (!provider || await customer()) return false;
  await withProvider(provider);
  return true;
}
