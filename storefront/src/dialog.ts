import { h, newId, type Child } from './dom';
import { form, type Field } from './form';
import { Cancelled } from './problem';

export interface Question { title: string; intro: Child[]; field: Field; submit: string; problem?: Error }

// A dialog that asks one question after the other.
export class Dialog {
  readonly #element: HTMLDialogElement;
  readonly #body = h('div');
  readonly #title = h('h2', { id: newId() });
  #reject: ((reason: Cancelled) => void) | undefined;
  #cancelled = false;

  constructor() {
    // Escape closes, too.
    this.#element = h('dialog', { 'aria-labelledby': this.#title.id, close: () => this.#cancel() }, this.#title, this.#body);
    document.body.append(this.#element);
    this.#element.showModal();
  }

  // Resolves with the answer. Rejects with Cancelled, also if the dialog was closed while nothing was asked.
  ask(question: Question): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      if (this.#cancelled) {
        reject(new Cancelled());
        return;
      }
      this.#title.textContent = question.title;
      this.#body.replaceChildren(h('div', { class: 'intro' }, ...question.intro), this.#form(question, resolve));
      this.#body.querySelector('input')?.focus();
    });
  }

  #form(question: Question, resolve: (answer: string) => void): HTMLFormElement {
    const { field, submit, problem } = question;
    const cancel = h('button', { type: 'button', click: () => this.#element.close() }, 'Cancel');
    // It stays busy until there is another question, or none any more.
    const action = (values: Record<string, string>) => new Promise<void>(() => resolve(values[field.name] ?? ''));
    return form({ fields: [field], submit, extra: [cancel], problem, action });
  }

  // Throws if the customer has changed their mind meanwhile: then nothing may be done in their name.
  finish(): void {
    if (this.#cancelled) throw new Cancelled();
  }

  close(): void {
    this.#reject = undefined;
    this.#element.close();
    this.#element.remove();
  }

  #cancel(): void {
    this.#cancelled = true;
    this.#reject?.(new Cancelled());
  }
}
