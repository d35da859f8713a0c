import { h, newId, type Child } from './dom';
import { Cancelled, explain } from './problem';

export interface Field {
  name: string;
  label: string;
  type?: string;
  value?: string;
  hint?: string;
  autocomplete?: string;
  // Six digits, from an app or a message.
  isCode?: boolean;
}

export interface FormOptions {
  fields: Field[];
  submit: string;
  // Runs with the values by name. What it throws is shown, and the form can be sent again.
  action: (values: Record<string, string>) => Promise<void>;
  // What an error says here, if not what it says everywhere.
  explain?: (error: unknown) => string | undefined;
  extra?: Child[];
  // What was wrong the last time.
  problem?: Error;
}

// A form whose answer comes from elsewhere: says that it is busy, shows what was wrong, and gives the focus to where to go on.
export function form({ fields, submit, action, explain: own, extra = [], problem }: FormOptions): HTMLFormElement {
  const inputs = new Map(fields.map(field => [field.name, input(field)]));
  const alert = h('p', { class: 'problem', role: 'alert', id: newId() });
  const button = h('button', { type: 'submit', class: 'primary' }, submit);
  const fail = (text: string) => {
    alert.textContent = text;
    const [first] = inputs.values();
    first?.setAttribute('aria-invalid', 'true');
    first?.focus();
    first?.select();
  };
  const send = async (event: Event) => {
    event.preventDefault();
    if (button.ariaDisabled === 'true') return;
    alert.textContent = '';
    for (const each of inputs.values()) each.removeAttribute('aria-invalid');
    busy(button, true);
    try {
      await action(Object.fromEntries([...inputs].map(([name, { value, type }]) => [name, type === 'password' ? value : value.trim()])));
    } catch (error) {
      if (!(error instanceof Cancelled)) fail(own?.(error) ?? explain(error));
    } finally {
      busy(button, false);
    }
  };
  // Later, because only what changes in a page is read out.
  if (problem) queueMicrotask(() => fail(own?.(problem) ?? explain(problem)));
  return h('form', { submit: event => void send(event) }, alert,
    ...fields.flatMap(field => row(field, inputs.get(field.name) as HTMLInputElement)), h('p', { class: 'actions' }, button, ...extra));
}

// aria-disabled leaves the focus where it is; disabled would throw it away.
export function busy(button: HTMLButtonElement, is: boolean): void {
  button.ariaDisabled = String(is);
  button.classList.toggle('busy', is);
}

// Browsers validate before they submit, and say themselves what is missing.
function input(field: Field): HTMLInputElement {
  return h('input', {
    id: newId(), name: field.name, type: field.type ?? 'text', value: field.value, required: true,
    autocomplete: field.isCode ? 'one-time-code' : field.autocomplete ?? 'off',
    ...(field.isCode && { inputmode: 'numeric', pattern: '[0-9]{6}', title: 'Six digits' }),
  });
}

function row(field: Field, element: HTMLInputElement): HTMLElement[] {
  const label = h('label', { for: element.id }, field.label);
  if (!field.hint) return [label, element];
  const hint = h('p', { class: 'hint', id: newId() }, field.hint);
  element.setAttribute('aria-describedby', hint.id);
  return [label, element, hint];
}
