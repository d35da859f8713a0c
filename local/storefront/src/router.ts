import { h, one, type Child } from './dom';

// A page of the shop. Its body may fill itself in later; once another page is shown, nobody sees that.
export interface View { title: string; body: Child[] }
export type Page = (url: URL) => View;

let pages: Record<string, Page> = {};

export function start(routes: Record<string, Page>): void {
  pages = routes;
  // The link to the content, within a page, fires it as well.
  addEventListener('popstate', () => { if (here() !== shown) show(); });
  document.addEventListener('click', follow);
  // The message is over what is below it: a finger or a mouse has done with it.
  document.addEventListener('pointerdown', () => tell(''));
  show();
}

export function go(path: string): void {
  history.pushState(null, '', path);
  show();
}

// As go, but the way back does not lead here again.
export function goOn(path: string): void {
  history.replaceState(null, '', path);
  show();
}

// Says what has happened, to those who see it and to those who hear it. It stays until the next page, or the
// next tap.
export function tell(text: string): void {
  one('status', HTMLElement).textContent = text;
}

// The title gets the focus, as on a page that was loaded; but not on the first one, where the browser decides.
let shown: string | undefined;
const here = () => location.pathname + location.search;

export function show(): void {
  const url = new URL(location.href);
  const { title, body } = (pages[url.pathname] ?? notFound)(url);
  const heading = h('h1', { tabindex: -1 }, title);
  document.title = `${title} · SecureCart`;
  tell('');
  one('main', HTMLElement).replaceChildren(heading, ...body.filter(child => child !== false && child !== undefined));
  for (const link of document.querySelectorAll<HTMLAnchorElement>('#navigation a')) {
    if (new URL(link.href).pathname === url.pathname) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (shown) {
    heading.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  shown = here();
}

const notFound: Page = () => ({
  title: 'There is nothing here',
  body: [h('p', {}, 'This address leads nowhere. ', h('a', { href: '/' }, 'Go to the shop'), '.')],
});

// Links to pages of the shop need no loading; all others, and those in a new tab, are the browser's.
function follow(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  const elsewhere = event.defaultPrevented || event.button !== 0 || modified;
  if (!link || elsewhere || link.target || link.origin !== location.origin || link.hash) return;
  event.preventDefault();
  go(link.pathname + link.search);
}
