// Somebody at the pages of the local stage's identity providers, without scripts.
import { strict as assert } from 'node:assert';
import { forms } from '../forms.mjs';

export const pages = process.env.PROVIDERS_URL;
export const login = process.env.LOGIN_URL;

// Where the stage serves an address of a provider.
export const here = address => address.toString().replace(/^https:\//, pages);

// Signs in where the address leads, and returns what the provider sends back: where to, and what it posts.
export async function signIn(address, values) {
  const page = await (await fetch(here(address))).text();
  assert.match(page, /This page stands in for/);
  const [{ action, body }] = forms(page);
  for (const [name, value] of Object.entries(values)) body.set(name, value);
  const answer = await fetch(new URL(action, pages), { method: 'POST', body, redirect: 'manual' });
  if (answer.status === 303) return { to: new URL(answer.headers.get('location')) };
  const [posted] = forms(await answer.text());
  return { to: new URL(posted.action), body: Object.fromEntries(posted.body) };
}
