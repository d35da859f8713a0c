// An authenticator app: time-based codes of RFC 6238, six digits, 30 seconds, HMAC-SHA-1.
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const period = 30_000;
// How long a code is still good for when it is given: whoever enters it late in the period must not be refused.
const margin = 10_000;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export class Authenticator {
  #key;
  #used = 0;

  // The secret is base32 (RFC 4648), as the page shows it.
  constructor(secret) {
    const letters = secret.replaceAll(/[\s=]/g, '').toUpperCase();
    const bits = [...letters].map(letter => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
    this.#key = Buffer.from((bits.match(/.{8}/g) ?? []).map(byte => parseInt(byte, 2)));
  }

  // A code that was not given before: the user pool takes each once. It takes those of the neighbouring periods, too:
  // two or three can be had without waiting.
  async next() {
    const oldest = Math.floor((Date.now() + margin) / period) - 1;
    const step = Math.max(this.#used + 1, oldest);
    await sleep(Math.max(0, (step - 1) * period - Date.now()));
    this.#used = step;
    return this.#code(step);
  }

  #code(step) {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const mac = createHmac('sha1', this.#key).update(counter).digest();
    const number = mac.readUInt32BE(mac[19] & 0xf) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, '0');
  }
}
