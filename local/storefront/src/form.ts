import { h, newId, type Child } from './dom';
import { Cancelled, explain, fieldOf } from './problem';

export interface Field {
  name: string;
  label: string;
  type?: string;
  value?: string;
  hint?: string;
  autocomplete?: string;
  placeholder?: string;
  optional?: boolean;
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

// A form whose answer comes from elsewhere: says that it is busy, shows what was wrong, and gives the focus to the
// field that was. An error about no field leaves the focus where it is, which is near the button to try again.
export function form({ fields, submit, action, explain: own, extra = [], problem }: FormOptions): HTMLFormElement {
  const inputs = new Map(fields.map(field => [field.name, input(field)]));
  const alert = h('p', { class: 'problem', role: 'alert', id: newId() });
  const button = h('button', { type: 'submit', class: 'primary' }, submit);
  const fail = (error: unknown) => {
    alert.textContent = own?.(error) ?? explain(error);
    const wrong = inputs.get(fieldOf(error) ?? '');
    wrong?.setAttribute('aria-invalid', 'true');
    wrong?.setAttribute('aria-errormessage', alert.id);
    wrong?.focus();
    wrong?.select();
  };
  const send = async (event: Event) => {
    event.preventDefault();
    if (button.ariaDisabled === 'true') return;
    alert.textContent = '';
    for (const each of inputs.values()) {
      each.removeAttribute('aria-invalid');
      each.removeAttribute('aria-errormessage');
    }
    busy(button, true);
    try {
      await action(Object.fromEntries(fields.map(({ name, type }) => {
        const value = inputs.get(name)?.value ?? '';
        return [name, type === 'password' ? value : value.trim()];
      })));
    } catch (error) {
      if (!(error instanceof Cancelled)) fail(error);
    } finally {
      busy(button, false);
    }
  };
  // Later, because only what changes in a page is read out.
  if (problem) queueMicrotask(() => fail(problem));
  return h('form', { submit: event => void send(event) }, alert,
    ...fields.flatMap(field => row(field, inputs.get(field.name) as HTMLInputElement)),
    h('p', { class: 'actions' }, button, ...extra));
}

// aria-disabled leaves the focus where it is; disabled would throw it away.
export function busy(button: HTMLButtonElement, is: boolean): void {
  button.ariaDisabled = String(is);
  button.classList.toggle('busy', is);
}

// Browsers validate before they submit, and say themselves what is missing.
function input(field: Field): HTMLInputElement {
  return h('input', {
    id: newId(), name: field.name, type: field.type ?? 'text', value: field.value, required: !field.optional,
    placeholder: field.placeholder, autocomplete: field.isCode ? 'one-time-code' : field.autocomplete ?? 'off',
    ...(field.isCode && { inputmode: 'numeric', pattern: '[0-9]{6}', title: 'Six digits' }),
  });
}

function row(field: Field, element: HTMLInputElement): HTMLElement[] {
  const label = h('label', { for: element.id }, field.label);
  const shown = field.type === 'password' ? h('div', { class: 'secretly' }, element, reveal(element)) : element;
  if (!field.hint) return [label, shown];
  const hint = h('p', { class: 'hint', id: newId() }, field.hint);
  element.setAttribute('aria-describedby', hint.id);
  return [label, shown, hint];
}

// Shows what was typed, until it is pressed again.
function reveal(element: HTMLInputElement): HTMLButtonElement {
  const button = h('button', {
    type: 'button', class: 'quiet', 'aria-label': 'Show password', click: () => {
      const hidden = element.type === 'password';
      element.type = hidden ? 'text' : 'password';
      button.textContent = hidden ? 'Hide' : 'Show';
      button.ariaLabel = `${button.textContent} password`;
    },
  }, 'Show');
  return button;
}

// What a password must be, in words. The rule itself is the user pool's.
export const newPassword = (length: string, label = 'Password'): Field => ({
  name: 'password', label, type: 'password', autocomplete: 'new-password',
  hint: `At least ${length} characters, with upper and lower case letters, a digit and a symbol.`,
});
export const currentPassword: Field = {
  name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password',
};
export const code: Field = { name: 'code', label: 'Code', isCode: true };
