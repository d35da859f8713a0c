import { h, newId, type Child } from '../dom';
import { busy } from '../form';
import { Cancelled, explain } from '../problem';

export function section(title: string, ...content: Child[]): HTMLElement {
  const heading = h('h2', { id: newId() }, title);
  return h('section', { class: 'panel', 'aria-labelledby': heading.id }, heading, ...content);
}

// A button whose action takes a while. What goes wrong is said beside it.
export function action(label: string, act: () => Promise<void>, look?: string): HTMLElement {
  const problem = h('p', { class: 'problem', role: 'alert' });
  const button = h('button', { type: 'button', class: look, click: () => void run() }, label);
  const run = async () => {
    if (button.ariaDisabled === 'true') return;
    problem.textContent = '';
    busy(button, true);
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Cancelled)) problem.textContent = explain(error);
    } finally {
      busy(button, false);
    }
  };
  return h('div', { class: 'action' }, problem, button);
}
