import { newKey } from '@docs/checkout';
import type { Product } from '@docs/signed';
import { Store } from './store';

export type Item = Pick<Product, 'sku' | 'name' | 'category' | 'price' | 'pictures'> & { quantity: number };

// One order to be. The key goes with every try to place it, after a reload as well: the shop then knows a second try
// from a second order. Another content is another order, with a key of its own.
export interface Cart { key: string; items: Item[] }

export const maxQuantity = 99;

const storageKey = 'cart';
const fresh = (items: Item[]): Cart => ({ key: newKey(), items });

export const cart = new Store<Cart>(restore());
cart.watch(value => localStorage.setItem(storageKey, JSON.stringify(value)));

export function add({ sku, name, category, price, pictures }: Product): Item {
  const before = cart.value.items.find(item => item.sku === sku);
  const quantity = Math.min((before?.quantity ?? 0) + 1, maxQuantity);
  const item = { sku, name, category, price, pictures, quantity };
  const { items } = cart.value;
  cart.value = fresh(before ? items.map(other => other === before ? item : other) : [...items, item]);
  return item;
}

export function setQuantity(sku: string, quantity: number): void {
  cart.value = fresh(cart.value.items.map(item => item.sku === sku ? { ...item, quantity } : item));
}

export function remove(sku: string): void {
  cart.value = fresh(cart.value.items.filter(item => item.sku !== sku));
}

export function empty(): void {
  cart.value = fresh([]);
}

export const count = ({ items }: Cart) => items.reduce((total, { quantity }) => total + quantity, 0);

// What another version of this page has stored is not worth an error: the cart is empty then.
function restore(): Cart {
  try {
    const stored = JSON.parse(localStorage.getItem(storageKey) ?? '') as Cart;
    const whole = stored.items.every(item => typeof item.sku === 'string' && Array.isArray(item.pictures)
      && item.quantity > 0 && item.price.amount >= 0);
    if (whole && typeof stored.key === 'string') return stored;
  } catch {
    // Nothing is stored, or no cart.
  }
  return fresh([]);
}
