import { strict as assert } from 'node:assert';
import { putPicture, setPictures } from './staff.mjs';

// One green pixel.
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M/wHwAEBgIApD5f'
  + 'RAAAAABJRU5ErkJggg==', 'base64');

// What a request is signed with, for a service of AWS.
const signedFor = service => new RegExp(`^AWS4-HMAC-SHA256 Credential=\\S+/${service}/aws4_request`);

export const steps = {
  async 'a guest browses, with AWS credentials of the identity pool'(shop) {
    const requests = await shop.during('GET', '/products', async () => {
      await shop.page.goto(shop.url);
      await shop.at('Everything in the shop');
    });
    assert.ok(requests.length > 0, 'no request to GET /products');
    for (const request of requests) {
      assert.match((await request.allHeaders()).authorization, signedFor('execute-api'));
    }
    assert.ok(await shop.page.locator('.card').count() > 3, 'fewer than four products');
    assert.match(await shop.page.locator('.card .price').first().innerText(), /^€\d+\.\d\d$/);
    shop.browser.expect();
  },

  async 'a guest chooses a category'(shop) {
    const all = await shop.page.locator('.card').count();
    await shop.link('Kitchen').click();
    await shop.at('Kitchen');
    const some = await shop.page.locator('.card').count();
    assert.ok(some > 0 && some < all, `${some} of ${all} products are for the kitchen`);
    assert.equal(await shop.page.evaluate(() => document.activeElement?.tagName), 'H1', 'the new page has the focus');
    await shop.page.goBack();
    await shop.at('Everything in the shop');
    shop.browser.expect();
  },

  async 'every product shows its picture, which guests may read with their AWS credentials'(shop) {
    const requests = await shop.during('GET', '.svg', async () => {
      await shop.page.reload();
      await shop.at('Everything in the shop');
      await shop.page.waitForFunction(() => {
        const tiles = [...document.querySelectorAll('.card .tile')];
        return tiles.length > 3 && tiles.every(tile => tile.querySelector('img')?.naturalWidth > 0);
      });
    });
    const pictures = requests.filter(request => request.url().includes(shop.config.MediaBucket));
    assert.equal(pictures.length, await shop.page.locator('.card').count(), 'one picture for each product');
    for (const request of pictures) {
      assert.match((await request.allHeaders()).authorization, signedFor('s3'));
    }
    await shop.browser.look('shop');
    shop.browser.expect();
  },

  async 'a picture of any name is shown; one that cannot be had leaves the category\'s initial'(shop) {
    const [key, missing] = ['products/MUG-STONE/front view.png', 'products/MUG-STONE/none.png'];
    await putPicture(shop, encodeURI(key), 'image/png', png);
    await setPictures(shop, 'MUG-STONE', [key]);
    await setPictures(shop, 'KETTLE-12', [missing]);
    // The catalogue may be a minute old. Whoever looks at requests gets none from the cache.
    await shop.page.route('**/products?*', route => route.continue());
    await shop.page.reload();
    await shop.at('Everything in the shop');
    await shop.page.waitForFunction(() => document.querySelector('img[alt="Stoneware mug"]')?.naturalWidth === 1);
    await shop.page.locator('.tile[data-initial=K]').waitFor();
    await shop.browser.settled();
    assert.equal(await shop.page.locator('.tile img').count(), await shop.page.locator('.card').count() - 1);
    shop.browser.expect(`GET /${shop.config.MediaBucket}/${missing} 403`);
    await setPictures(shop, 'MUG-STONE', ['products/MUG-STONE.svg']);
    await setPictures(shop, 'KETTLE-12', ['products/KETTLE-12.svg']);
    await shop.page.reload();
    await shop.at('Everything in the shop');
    await shop.page.unroute('**/products?*');
    shop.browser.expect();
  },

  async 'a busy or silent shop says so, and is tried again'(shop) {
    const cases = [
      ['The shop is busy.', 'GET /v1/products 429',
        route => route.fulfill(shop.refusal(429, 'Too many requests', 'Too many at once.'))],
      ['There is no connection to the shop.', 'GET /v1/products failed', route => route.abort('internetdisconnected')],
    ];
    for (const [text, wrong, answer] of cases) {
      await shop.intercept('**/products?*', 'GET', answer);
      await shop.page.reload();
      await shop.says(text);
      await shop.page.unroute('**/products?*');
      shop.browser.expect(wrong);
      await shop.button('Try again').click();
      await shop.page.locator('.card').first().waitFor();
      shop.browser.expect();
    }
  },

  async 'a guest fills a cart, and is asked to sign in'(shop) {
    await shop.addToCart('Stoneware mug', 'Kettle, 1.2 l', 'Stoneware mug');
    await shop.link(/^Cart/).click();
    await shop.at('Your cart');
    await shop.field('Quantity of Kettle, 1.2 l').fill('3');
    await shop.field('Quantity of Kettle, 1.2 l').press('Tab');
    await shop.says('Total €206.80');
    await shop.page.reload();
    await shop.at('Your cart');
    assert.equal(await shop.page.locator('.total strong').innerText(), '€206.80', 'the cart survives a reload');
    assert.equal(await shop.page.locator('.line .tile img').count(), 2, 'pictures in the cart');
    await shop.browser.look('cart');
    await shop.link('Sign in to order').click();
    await shop.at('Sign in');
    await shop.browser.look('sign-in');
    shop.browser.expect();
  },

  async 'an address that leads nowhere says so'(shop) {
    await shop.page.goto(`${shop.url}/nowhere`);
    await shop.at('There is nothing here');
    await shop.browser.look('nowhere');
    shop.browser.expect();
  },
};
