// Amplify's powers of large numbers are plain JavaScript, and took three fifths of these tests. They are calculated by
// the engine's own large numbers instead, as Amplify does on phones, after one power has been calculated both ways. The
// browser of `make browser` uses Amplify as it is.
import assert from 'node:assert/strict';
import BigInteger from
  '../../node_modules/@aws-amplify/auth/dist/esm/providers/cognito/utils/srp/BigInteger/BigInteger.mjs';

function power(base, exponent, modulus) {
  let result = 1n;
  base = (base % modulus + modulus) % modulus; // SRP's base may be negative
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = result * base % modulus;
    base = base * base % modulus;
  }
  return result;
}

const big = number => BigInt(`0x${number.abs().toString(16)}`) * BigInt(Math.sign(number.compareTo(BigInteger.ZERO)));
const own = BigInteger.prototype.modPow;
let compared = false;

BigInteger.prototype.modPow = function modPow(exponent, modulus, callback) {
  const result = new BigInteger(power(big(this), big(exponent), big(modulus)).toString(16), 16);
  if (!compared) own.call(this, exponent, modulus, (_, theirs) => assert.ok(result.equals(theirs)));
  compared = true;
  callback(null, result);
  return result;
};
