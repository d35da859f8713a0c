import type { Outputs } from '@docs/config';
import { products, type Product } from '@docs/signed';
import { add } from '../cart';
import { h, newId, type Child } from '../dom';
import { loading } from '../loading';
import { format } from '../money';
import { tell, type Page } from '../router';
import { tile } from './tile';

// Every category there is. The API has no list of them, so it is what the first look at the shop has found.
let categories: string[] = [];

export const shop = (o: Outputs): Page => url => {
  const category = url.searchParams.get('category') ?? undefined;
  return {
    title: category ? capital(category) : 'Everything in the shop',
    body: [loading('products', async () => {
      if (categories.length === 0) categories = await findCategories(o);
      return [!category && assurance(), filter(category), ...await page(o, category)];
    })],
  };
};

const assurance = () => h('p', { class: 'assurance' },
  h('img', { src: '/icon.svg', alt: '', width: 24, height: 24 }),
  h('span', {}, h('strong', {}, 'Only you can order in your name.'),
    ' Each order asks for your password and a second factor. ',
    h('a', { href: '/protect' }, 'Protect your purchases')));

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

async function findCategories(o: Outputs): Promise<string[]> {
  const found = new Set<string>();
  let cursor: string | undefined;
  do {
    const answer = await products(o, { limit: '100', ...(cursor && { cursor }) });
    for (const product of answer.products) found.add(product.category);
    cursor = answer.nextCursor;
  } while (cursor);
  return [...found].sort();
}

const filter = (chosen?: string) =>
  h('nav', { class: 'filter', 'aria-label': 'Categories' }, ...[undefined, ...categories].map(category =>
    h('a', {
      href: category ? `/?category=${encodeURIComponent(category)}` : '/',
      'aria-current': category === chosen && 'true',
    }, category ? capital(category) : 'Everything')));

async function page(o: Outputs, category?: string, cursor?: string): Promise<Child[]> {
  const query = { ...(category && { category }), ...(cursor && { cursor }) };
  const { products: found, nextCursor } = await products(o, query);
  if (found.length === 0 && !cursor) return [h('p', {}, 'There is nothing here at the moment.')];
  const list = h('ul', { class: 'products' }, ...found.map(product => card(o, product)));
  if (!nextCursor) return [list];
  const more = h('div', {}, h('button', {
    type: 'button', click: () => more.replaceWith(loading('more products', () => page(o, category, nextCursor))),
  }, 'Show more'));
  return [list, more];
}

function card(o: Outputs, product: Product): HTMLElement {
  const name = h('h2', { id: newId() }, product.name);
  const buy = () => {
    const { quantity } = add(product);
    tell(`${product.name} is in your cart${quantity > 1 ? `, ${quantity} of it` : ''}.`);
  };
  return h('li', { class: 'card' },
    tile(o, product),
    name,
    h('p', { class: 'description' }, product.description),
    h('p', { class: 'buy' },
      h('span', { class: 'price' }, format(product.price)),
      h('button', { type: 'button', click: buy }, 'Add to cart', h('span', { class: 'heard' }, ` ${product.name}`))));
}
