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

function failure(error: unknown, again: () => Promise<void>): HTMLElement {
  const signIn = `/sign-in?again&next=${encodeURIComponent(location.pathname)}`;
  const [text, way] = isSignedOut(error)
    ? [explainSignedOut(error), h('a', { class: 'button', href: signIn }, 'Sign in')]
    : [explain(error), h('button', { type: 'button', click: () => void again() }, 'Try again')];
  return h('div', { class: 'problem', role: 'alert' }, h('p', {}, text), way);
}
