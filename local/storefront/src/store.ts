// A value that others look at.
export class Store<Value> {
  #value: Value;
  readonly #watchers: ((value: Value) => void)[] = [];

  constructor(value: Value) {
    this.#value = value;
  }

  get value(): Value {
    return this.#value;
  }

  set value(value: Value) {
    this.#value = value;
    for (const watcher of this.#watchers) watcher(value);
  }

  watch(watcher: (value: Value) => void): void {
    this.#watchers.push(watcher);
  }
}
