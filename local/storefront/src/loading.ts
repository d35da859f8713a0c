import { h, type Child } from './dom';
import { explain, explainSignedOut, isSignedOut } from './problem';

// A place for what the API answers: says that it is loading, then shows it, or why not and how to try again.
export function loading(what: string, load: () => Promise<Child[]>): HTMLElement {
  const place = h('div', { class: 'place' });
  const run = async () => {
    place.setAttribute('aria-busy', 'true');
    place.replaceChildren(h('p', { class: 'loading', role: 'status' }, `Loading ${what} …`));
    try {
      place.replaceChildren(h('div', {}, ...await load()));
    } catch (error) {
      place.replaceChildren(failure(error, run));
    }
    place.removeAttribute('aria-busy');
  };
  void run();
  return place;
}

// What a page shows to those who are not signed in.
export const invitation = (why: string): HTMLElement[] => [
  h('p', {}, why),
  h('p', { class: 'actions' },
    h('a', { class: 'button primary', href: `/sign-in?next=${encodeURIComponent(location.pathname)}` }, 'Sign in'),
    h('a', { class: 'button', href: `/sign-up?next=${encodeURIComponent(location.pathname)}` }, 'Create an account')),
];

function failure(error: unknown, again: () => Promise<void>): HTMLElement {
  const signIn = `/sign-in?again&next=${encodeURIComponent(location.pathname)}`;
  const [text, way] = isSignedOut(error)
    ? [explainSignedOut(error), h('a', { class: 'button', href: signIn }, 'Sign in')]
    : [explain(error), h('button', { type: 'button', click: () => void again() }, 'Try again')];
  return h('div', { class: 'problem', role: 'alert' }, h('p', {}, text), way);
}
