import { cart, count } from './cart';
import { h, one } from './dom';
import { session } from './session';

// The links of the header follow cart and session.
export function start(): void {
  const draw = () => {
    const items = count(cart.value);
    const links: [string, string][] = [
      ['/', 'Shop'],
      ...(session.value
        ? [['/orders', 'Orders'], ['/account', 'Account']] as [string, string][]
        : [['/sign-in', 'Sign in']] as [string, string][]),
    ];
    one('navigation', HTMLElement).replaceChildren(
      ...links.map(([href, label]) => link(href, label)),
      link('/cart', 'Cart', h('span', { class: 'count' }, String(items), h('span', { class: 'heard' }, items === 1 ? ' item' : ' items'))),
    );
  };
  cart.watch(draw);
  session.watch(draw);
  draw();
}

const link = (href: string, label: string, after?: HTMLElement) =>
  h('a', { href, 'aria-current': location.pathname === href && 'page' }, label, after && ' ', after);
