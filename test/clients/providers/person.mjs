// Somebody at the pages of the local stage's identity providers, without scripts.
import { strict as assert } from 'node:assert';

export const pages = process.env.PROVIDERS_URL;
export const login = process.env.LOGIN_URL;

// Where the stage serves an address of a provider.
export const here = address => address.toString().replace(/^https:\//, pages);

const decoded = text => text.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(code))
  .replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
const attribute = (tag, name) => {
  const found = new RegExp(`\\s${name}="([^"]*)"`).exec(tag);
  return found ? decoded(found[1]) : undefined;
};

// The form of a page, filled in.
function form(page, values) {
  const [, tag, content] = /<form([^>]*)>([\s\S]*?)<\/form>/.exec(page) ?? assert.fail(`no form: ${page}`);
  const body = new URLSearchParams();
  for (const [, input] of content.matchAll(/<input([^>]*)>/g)) body.set(attribute(input, 'name'), attribute(input, 'value') ?? '');
  for (const [name, value] of Object.entries(values)) body.set(name, value);
  return { action: attribute(tag, 'action'), body };
}

// Signs in where the address leads, and returns what the provider sends back: where to, and what it posts.
export async function signIn(address, values) {
  const page = await (await fetch(here(address))).text();
  assert.match(page, /This page stands in for/);
  const { action, body } = form(page, values);
  const answer = await fetch(new URL(action, pages), { method: 'POST', body, redirect: 'manual' });
  if (answer.status === 303) return { to: new URL(answer.headers.get('location')) };
  const posted = form(await answer.text(), {});
  return { to: new URL(posted.action), body: Object.fromEntries(posted.body) };
}
