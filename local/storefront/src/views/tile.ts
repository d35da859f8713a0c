import type { Outputs } from '@docs/config';
import { picture, type Product } from '@docs/signed';
import { h } from '../dom';

// Pictures that were asked for, by their keys: the next page shows them at once.
const known = new Map<string, Promise<string>>();

function load(o: Outputs, key: string): Promise<string> {
  const found = known.get(key) ?? picture(o, key);
  known.set(key, found);
  found.catch(() => known.delete(key));
  return found;
}

// A product's picture. If there is none, or it cannot be had, the tile shows the category's initial.
export function tile(
  o: Outputs, { sku, category, pictures, name }: Omit<Product, 'description' | 'price'>,
): HTMLElement {
  const place = h('div', { class: `tile hue-${hue(sku)}` });
  const [first] = pictures;
  const initial = () => { place.dataset.initial = category.charAt(0).toUpperCase(); };
  if (first) void load(o, first).then(src => place.append(h('img', { src, alt: name })), initial);
  else initial();
  return place;
}

// One of the style sheet's seven colours, always the same for a product.
const hue = (sku: string) => [...sku].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 7, 0);
