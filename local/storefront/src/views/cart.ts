import type { Outputs } from '@docs/config';
import { cart, maxQuantity, remove, setQuantity, type Item } from '../cart';
import { h, newId } from '../dom';
import { format, sum } from '../money';
import { tell, type Page } from '../router';
import { session } from '../session';
import { order } from './cart-order';
import { tile } from './tile';

export const cartPage = (o: Outputs): Page => () => {
  const place = h('div');
  const draw = () => place.replaceChildren(...content(o, draw));
  draw();
  return { title: 'Your cart', body: [place] };
};

function content(o: Outputs, draw: () => void): Node[] {
  const { items } = cart.value;
  if (items.length === 0) {
    return [h('p', {}, 'Your cart is empty.'), h('p', {}, h('a', { class: 'button', href: '/' }, 'Go to the shop'))];
  }
  const total = h('p', { class: 'total' }, 'Total ', h('strong', {}, totalOf(items)));
  const changed = (text: string) => {
    total.querySelector('strong')?.replaceChildren(totalOf(cart.value.items));
    tell(text);
  };
  const signIn = h('a', { class: 'button primary', href: '/sign-in?next=/cart' }, 'Sign in to order');
  return [
    h('ul', { class: 'lines' }, ...items.map(item => line(o, item, changed, draw))),
    total,
    session.value ? order(o) : h('p', { class: 'order' }, signIn),
  ];
}

export const totalOf = (items: Item[]) =>
  sum(items.map(({ price, quantity }) => ({ ...price, amount: price.amount * quantity }))).map(format).join(' and ');

function line(o: Outputs, item: Item, changed: (text: string) => void, draw: () => void): HTMLElement {
  const price = h('span', { class: 'price' }, lineTotal(item, item.quantity));
  const id = newId();
  const quantity = h('input', {
    id, type: 'number', min: 1, max: maxQuantity, step: 1, required: true, value: item.quantity, inputmode: 'numeric',
    change: () => {
      if (!quantity.reportValidity()) return;
      setQuantity(item.sku, quantity.valueAsNumber);
      price.textContent = lineTotal(item, quantity.valueAsNumber);
      changed(`${item.name}: ${quantity.value}. Total ${totalOf(cart.value.items)}.`);
    },
  });
  const drop = () => {
    remove(item.sku);
    draw();
    tell(`${item.name} is not in your cart any more.`);
    // What had the focus is gone.
    document.querySelector<HTMLElement>('main h1')?.focus();
  };
  const of = h('span', { class: 'heard' }, ` of ${item.name}`);
  const name = h('span', { class: 'heard' }, ` ${item.name}`);
  return h('li', { class: 'line' },
    tile(o, item),
    h('div', {}, h('strong', {}, item.name), h('p', { class: 'hint' }, `${format(item.price)} each`)),
    h('div', { class: 'quantity' }, h('label', { for: id }, 'Quantity', of), quantity),
    price,
    h('button', { type: 'button', class: 'quiet', click: drop }, 'Remove', name));
}

const lineTotal = ({ price }: Item, quantity: number) => format({ ...price, amount: price.amount * quantity });
