// The authenticator of these tests: what it gives late in a period must still be good when it is entered.
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { Authenticator } from '../../local/storefront/test/authenticator.mjs';

// The secret and two of the values of RFC 6238, appendix B, with six digits: the periods that start at 1111111080 s and at 1234567890 s.
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const vectors = [[1111111080, '081804'], [1234567890, '005924']];

for (const [start, code] of vectors) {
  test(`the code of the period from ${start} s is given until 10 s before it is refused`, async context => {
    context.mock.timers.enable({ apis: ['Date'] });
    const first = async seconds => {
      context.mock.timers.setTime(seconds * 1000);
      return new Authenticator(secret).next();
    };
    // The user pool takes it until the period after its own has ended.
    const given = [];
    for (let second = start - 30; second < start + 90; second++) if (await first(second) === code) given.push(second);
    assert.deepEqual(given, Array.from({ length: 30 }, (_, index) => start + 20 + index));
  });
}
