import { errorFields } from './error-fields.js';
import { locateRefusal } from './locate.js';
import { hasFieldsBeside, isClassInstance, kindOf, type ObjectKind } from './object-kind.js';
import { objectRefusal } from './refusal.js';

/** What one walk found out about a value. */
export interface Inspection {
  /**
   * `json`: `JSON.parse(JSON.stringify(value))` brings it back exactly. `structured`: it holds something that only a
   * structured copy keeps: types beyond JSON, `undefined`, NaN, -0, holes, shared references, cycles.
   *
   * A null prototype counts as plain and symbol keys are not data: structured cloning drops both as well.
   */
  readonly shape: 'json' | 'structured';
  /** Objects of classes that are not the language's own, each once, in the order in which they were met. */
  readonly instances: readonly object[];
  /** Whether an error is part of the value. */
  readonly hasErrors: boolean;
  /** Whether an ArrayBuffer or a view of one is part of the value. */
  readonly hasBinary: boolean;
}

/**
 * Classifies `value` in one iterative walk: no recursion, so the depth of a value cannot exhaust the stack.
 *
 * Accessors are read, as structured cloning reads them. Paths are not kept; a refusal walks the value a second time to
 * find its path.
 *
 * Cost: O(properties); a Set of seen objects is made only when a nested object is met.
 *
 * @throws {import('../errors.js').InvalidValueError} naming the path of what cannot be stored.
 */
export function inspect(value: unknown): Inspection {
  const walk = new Walk();
  let refused: boolean;
  try {
    refused = !walk.run(value);
  } catch (error) {
    throw locateRefusal(value, error);
  }
  if (refused) throw locateRefusal(value);
  return walk;
}

class Walk implements Inspection {
  shape: 'json' | 'structured' = 'json';
  instances: object[] = [];
  hasErrors = false;
  hasBinary = false;
  readonly #stack: object[] = [];
  #root: object | undefined;
  #seen: Set<object> | undefined;

  /** `false` where something cannot be stored. */
  run(root: unknown): boolean {
    if (!this.#take(root)) return false;
    for (let object = this.#stack.pop(); object !== undefined; object = this.#stack.pop()) {
      if (objectRefusal(object) !== undefined || !this.#enter(object)) return false;
    }
    return true;
  }

  #take(value: unknown): boolean {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return true;
      case 'number':
        // Both NaN and the infinities make `x - x` NaN; -0 is the one zero whose inverse is below zero.
        if (value - value !== 0 || (value === 0 && 1 / value < 0)) this.shape = 'structured';
        return true;
      case 'object':
        if (value !== null) this.#push(value);
        return true;
      case 'undefined':
      case 'bigint':
        this.shape = 'structured';
        return true;
      default:
        return false;
    }
  }

  #push(object: object): void {
    if (this.#root === undefined) {
      this.#root = object;
    } else {
      this.#seen ??= new Set([this.#root]);
      if (this.#seen.has(object)) {
        this.shape = 'structured';
        return;
      }
      this.#seen.add(object);
    }
    this.#stack.push(object);
  }

  #enter(object: object): boolean {
    const kind = kindOf(object);
    if (kind === 'plain') return this.#enterFields(object);
    if (isClassInstance(object, kind)) {
      this.instances.push(object);
      if (hasFieldsBeside(kind) && !this.#enterFields(object)) return false;
    } else if (kind === 'array') {
      return this.#enterArray(object as unknown[]);
    }
    this.shape = 'structured';
    return this.#enterExotic(object, kind);
  }

  #enterExotic(object: object, kind: ObjectKind): boolean {
    switch (kind) {
      case 'array':
        return this.#enterArray(object as unknown[]);
      case 'map':
        for (const [key, value] of Map.prototype.entries.call(object)) {
          if (!this.#take(key) || !this.#take(value)) return false;
        }
        return true;
      case 'set':
        for (const value of Set.prototype.values.call(object)) if (!this.#take(value)) return false;
        return true;
      case 'error':
        this.hasErrors = true;
        return errorFields(object).every((field) => this.#take(field.value));
      case 'view':
      case 'buffer':
        this.hasBinary = true;
        return true;
      case 'instance':
        return this.#enterFields(object);
      default:
        return true;
    }
  }

  #enterFields(object: object): boolean {
    const fields = object as Record<string, unknown>;
    for (const name of Object.keys(fields)) if (!this.#take(fields[name])) return false;
    return true;
  }

  #enterArray(array: readonly unknown[]): boolean {
    for (let index = 0; index < array.length; index++) {
      const value = array[index];
      // A hole may stand for billions of others: from here on only what exists is visited.
      if (value === undefined) return this.#enterSparse(array);
      if (!this.#take(value)) return false;
    }
    return Object.keys(array).length === array.length || this.#enterSparse(array);
  }

  #enterSparse(array: readonly unknown[]): boolean {
    this.shape = 'structured';
    return this.#enterFields(array);
  }
}
