import { h, newId, type Child } from './dom';
import { form, type Field } from './form';
import { Cancelled } from './problem';

export interface Question {
  title: string; intro: Child[]; fields: Field[]; submit: string; problem?: Error; extra?: Child[];
}

// A dialog that asks one question after the other. It opens with the first.
export class Dialog {
  readonly #element: HTMLDialogElement;
  readonly #body = h('div');
  readonly #title = h('h2', { id: newId(), tabindex: -1 });
  #reject: ((reason: Cancelled) => void) | undefined;
  #cancelled = false;

  constructor() {
    // Escape closes, too.
    const cancel = () => this.#cancel();
    this.#element = h('dialog', { 'aria-labelledby': this.#title.id, close: cancel }, this.#title, this.#body);
  }

  // Resolves with the answers. Rejects with Cancelled, also if the dialog was closed while nothing was asked.
  ask(question: Question): Promise<Record<string, string>> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      if (this.#cancelled) {
        reject(new Cancelled());
        return;
      }
      if (!this.#element.isConnected) {
        document.body.append(this.#element);
        this.#element.showModal();
      }
      this.#title.textContent = question.title;
      this.#body.replaceChildren(h('div', { class: 'intro' }, ...question.intro), this.#form(question, resolve));
      (this.#body.querySelector('input') ?? this.#title).focus();
    });
  }

  // Asks for one thing.
  async askFor(question: Omit<Question, 'fields'> & { field: Field }): Promise<string> {
    const answers = await this.ask({ ...question, fields: [question.field] });
    return answers[question.field.name] ?? '';
  }

  #form(question: Question, resolve: (answers: Record<string, string>) => void): HTMLFormElement {
    const { fields, submit, problem, extra = [] } = question;
    const cancel = h('button', { type: 'button', click: () => this.#element.close() }, 'Cancel');
    // It stays busy until there is another question, or none any more.
    const action = (values: Record<string, string>) => new Promise<void>(() => resolve(values));
    return form({ fields, submit, extra: [cancel, ...extra], problem, action });
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

// Lets an action ask in a dialog, which is closed at the end, whatever that is.
export async function inDialog<Result>(action: (dialog: Dialog) => Promise<Result>): Promise<Result> {
  const dialog = new Dialog();
  try {
    const result = await action(dialog);
    dialog.finish();
    return result;
  } finally {
    dialog.close();
  }
}
