import { orders, type Line, type Order } from '@docs/api';
import type { Outputs } from '@docs/config';
import { h, newId, type Child } from '../dom';
import { invitation, loading } from '../loading';
import { format } from '../money';
import type { Page } from '../router';
import { session } from '../session';

export const ordersPage = (o: Outputs): Page => () => ({
  title: 'Your orders',
  body: session.value ? [loading('orders', () => page(o))] : invitation('Sign in to see what you have ordered.'),
});

async function page(o: Outputs, cursor?: string): Promise<Child[]> {
  const { orders: found, nextCursor } = await orders(o, cursor);
  if (found.length === 0 && !cursor) {
    const shop = h('a', { class: 'button', href: '/' }, 'Go to the shop');
    return [h('p', {}, 'You have not ordered anything yet.'), h('p', {}, shop)];
  }
  const list = h('ol', { class: 'orders' }, ...found.map(card));
  if (!nextCursor) return [list];
  const more = h('div', {}, h('button', {
    type: 'button', click: () => more.replaceWith(loading('older orders', () => page(o, nextCursor))),
  }, 'Show older orders'));
  return [list, more];
}

const time = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'short' });

function card(order: Order): HTMLElement {
  const placed = h('time', { datetime: order.createdAt }, time.format(new Date(order.createdAt)));
  const heading = h('h2', { id: newId() }, placed);
  return h('li', { class: 'order-card' }, h('article', { 'aria-labelledby': heading.id },
    h('div', { class: 'order-head' }, heading, h('span', { class: 'badge' }, order.status)),
    h('ul', {}, ...order.lines.map(line)),
    h('p', { class: 'total' }, 'Total ', h('strong', {}, format(order.total))),
    h('p', { class: 'hint' }, 'Order ', h('code', {}, order.id))));
}

const line = ({ name, quantity, unitPrice }: Line) => h('li', {},
  h('span', {}, `${quantity} × ${name}`, quantity > 1 && h('span', { class: 'hint' }, ` at ${format(unitPrice)}`)),
  h('span', { class: 'price' }, format({ ...unitPrice, amount: unitPrice.amount * quantity })));
