import { checkout } from '@docs/checkout';
import type { Outputs } from '@docs/config';
import { standing } from '@docs/links';
import { cart, empty } from '../cart';
import { h } from '../dom';
import { form } from '../form';
import { loading } from '../loading';
import { format } from '../money';
import { go, tell } from '../router';
import { isSteppedUp, withStepUp } from '../step-up';
import { needs } from './needs';

// Places what is in the cart, and returns what it costs. Every try sends the same key and cart, whatever became of the
// last answer.
export async function place(o: Outputs, token: string): Promise<string> {
  const { key, items } = cart.value;
  const placed = await checkout(o, token, key, items.map(({ sku, quantity }) => ({ sku, quantity })));
  empty();
  return format(placed.total);
}

// The last part of the cart, for a customer who is signed in: what is needed first, or the button.
export const order = (o: Outputs): HTMLElement => loading('how you can order', async () => {
  const missing = needs(o, await standing(o), 'To order');
  if (missing) return [missing];
  const send = form({
    fields: [],
    submit: 'Place the order',
    action: async () => {
      const total = await withStepUp(o, 'To order, confirm that it is you.', token => place(o, token));
      go('/orders');
      tell(`Thank you. Your order of ${total} is placed.`);
    },
  });
  const note = isSteppedUp()
    ? 'You have just confirmed that it is you.' : 'You will be asked for your password and a code.';
  return [h('div', { class: 'order' }, send, h('p', { class: 'hint' }, note))];
});
