// Somebody without scripts at managed login: follows redirects, keeps cookies, fills in forms.
import { strict as assert } from 'node:assert';
import { attribute, forms } from './forms.mjs';
import { webOrigin } from './stage.mjs';

export class Visitor {
  // By origin.
  #cookies = new Map();
  #at;
  #page = '';

  // Goes to a URL, and on until there is a page. Returns the address that the app would get, or undefined.
  async visit(url, init = {}) {
    let address = new URL(url);
    for (let hops = 0; hops < 10; hops++) {
      if (address.origin === webOrigin) return address;
      assert.ok(['localhost', '127.0.0.1'].includes(address.hostname), `${address.host} is not this machine`);
      const headers = { ...init.headers, cookie: this.#cookie(address.origin) };
      const response = await fetch(address, { ...init, redirect: 'manual', headers });
      for (const cookie of response.headers.getSetCookie()) this.#keep(address.origin, cookie);
      if (response.status < 300 || response.status > 399) {
        assert.equal(response.status, 200, `${address}: ${await response.clone().text()}`);
        [this.#at, this.#page] = [address, await response.text()];
        return undefined;
      }
      address = new URL(response.headers.get('location'), address);
      init = {};
    }
    assert.fail(`${url} leads in a circle`);
  }

  // Sends the page's form that has fields for these values, with what it holds already.
  async submit(values) {
    const form = forms(this.#page).find(({ body }) => Object.keys(values).every(name => body.has(name)));
    assert.ok(form, `no form has the fields ${Object.keys(values)}: ${this.#page}`);
    for (const [name, value] of Object.entries(values)) form.body.set(name, value);
    const address = new URL(form.action, this.#at);
    const answer = await this.visit(address, { method: 'POST', body: form.body });
    // What a script would send on.
    return answer === undefined && this.#page.includes('<script>') ? this.submit({}) : answer;
  }

  // Presses a second button of a form, which leaves the fields unchecked.
  press(label) {
    const buttons = [...this.#page.matchAll(/<button([^>]*)>([^<]*)<\/button>/g)];
    const [, found] = buttons.find(([, , text]) => text === label) ?? assert.fail(`no button ${label}: ${this.#page}`);
    return this.visit(new URL(attribute(found, 'formaction'), this.#at), { method: 'POST', body: new URLSearchParams() });
  }

  async follow(label) {
    const link = [...this.#page.matchAll(/<a([^>]*)>([^<]*)<\/a>/g)].find(([, , text]) => text === label);
    assert.ok(link, `no link ${label}: ${this.#page}`);
    return this.visit(new URL(attribute(link[1], 'href'), this.#at));
  }

  // The secret that is shown beside the picture.
  secret() {
    const [, secret] = /\b([A-Z2-7]{32,})\b/.exec(this.#page) ?? assert.fail(`no secret: ${this.#page}`);
    return secret;
  }

  says(text) {
    assert.ok(this.#page.includes(text), `${this.#at} does not say ${text}: ${this.#page}`);
  }

  #of(origin) {
    if (!this.#cookies.has(origin)) this.#cookies.set(origin, new Map());
    return this.#cookies.get(origin);
  }

  #cookie(origin) {
    return [...this.#of(origin)].map(pair => pair.join('=')).join('; ');
  }

  #keep(origin, cookie) {
    const [pair, ...attributes] = cookie.split('; ');
    const [name, value] = pair.split(/=(.*)/s);
    const over = attributes.some(text => /^max-age=(0|-\d+)$/i.test(text));
    if (over) this.#of(origin).delete(name);
    else this.#of(origin).set(name, value);
  }
}
