import { leave } from '@docs/sign-in';
import { cart, count } from './cart';
import { h, one } from './dom';
import { busy } from './form';
import { explain } from './problem';
import { go, tell } from './router';
import { load, session } from './session';

// The links of the header follow cart and session.
export function start(): void {
  const draw = () => {
    const items = count(cart.value);
    const heard = h('span', { class: 'heard' }, items === 1 ? ' item' : ' items');
    const links: [string, string][] = [
      ['/', 'Shop'],
      ...(session.value
        ? [['/orders', 'Orders'], ['/account', 'Account']] as [string, string][]
        : [['/sign-in', 'Sign in']] as [string, string][]),
    ];
    one('navigation', HTMLElement).replaceChildren(
      ...links.map(([href, label]) => link(href, label)),
      ...(session.value ? [signOut()] : []),
      link('/cart', 'Cart', h('span', { class: 'count' }, String(items), heard)),
    );
  };
  cart.watch(draw);
  session.watch(draw);
  draw();
}

const link = (href: string, label: string, after?: HTMLElement) =>
  h('a', { href, 'aria-current': location.pathname === href && 'page' }, label, after && ' ', after);

function signOut(): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'quiet', click: () => void run() }, 'Sign out');
  const run = async () => {
    busy(button, true);
    try {
      await leave();
      await load();
      go('/');
      tell('You are signed out.');
    } catch (error) {
      tell(explain(error));
    } finally {
      busy(button, false);
    }
  };
  return button;
}
