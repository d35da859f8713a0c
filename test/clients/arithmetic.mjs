// Amplify's powers of large numbers are plain JavaScript, and took three fifths of these tests. They are calculated by
// OpenSSL instead, after one power has been calculated both ways. The browser of `make browser` uses Amplify as it is.
import assert from 'node:assert/strict';
import { createDiffieHellman } from 'node:crypto';
import BigInteger from
  '../../node_modules/@aws-amplify/auth/dist/esm/providers/cognito/utils/srp/BigInteger/BigInteger.mjs';

const bytes = number => {
  const text = number.toString(16);
  return Buffer.from(text.padStart(text.length + text.length % 2, '0'), 'hex');
};

// The shared secret of Diffie and Hellman is a power: the other's number to one's own, modulo the prime.
function power(base, exponent, modulus) {
  const exchange = createDiffieHellman(bytes(modulus), 2);
  exchange.setPrivateKey(bytes(exponent));
  return new BigInteger(exchange.computeSecret(bytes(base.mod(modulus))).toString('hex'), 16); // SRP's base may be negative
}

const own = BigInteger.prototype.modPow;
let compared = false;

BigInteger.prototype.modPow = function modPow(exponent, modulus, callback) {
  const result = power(this, exponent, modulus);
  if (!compared && exponent.bitLength() <= 256) { // a quick one
    own.call(this, exponent, modulus, (_, theirs) => assert.ok(result.equals(theirs)));
    compared = true;
  }
  callback(null, result);
  return result;
};
