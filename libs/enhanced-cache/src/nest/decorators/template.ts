import { describe, InvalidKeyError, InvalidOptionsError } from '../../engine/errors.js';

/** What a template takes its values from: one call of one method. */
export interface TemplateScope {
  readonly args: readonly unknown[];
  /** The value that goes by `name` in this call; `undefined` where there is none. */
  named(name: string): unknown;
  /** What the method returned; absent before it did. */
  readonly result?: { readonly value: unknown };
}

const PLACEHOLDER = /\{([^{}]*)\}/g;
const PATH = /^(?:\d+|[\p{ID_Start}$_][\p{ID_Continue}$]*)(?:\.[\p{ID_Continue}$]+)*$/u;

/**
 * A text with placeholders, as in `'city:{id}'`.
 *
 * `{0}` is an argument by position, `{id}` by name, `{result}` what the method returned, and each may go on into fields:
 * `{0.address.zip}`. Values are strings, finite numbers, bigints and booleans. Where a text has several placeholders,
 * the character that separates them is percent-encoded inside the values: `'{a}:{b}'` never gives one text for
 * `('x:y', 'z')` and `('x', 'y:z')`.
 */
export class Template {
  readonly #literals: readonly string[];
  readonly #paths: readonly (readonly string[])[];
  readonly #escaped: RegExp | undefined;

  /**
   * @param field names the option in messages.
   * @throws {InvalidOptionsError} for a text whose placeholders are malformed or cannot be told apart.
   */
  constructor(
    readonly text: string,
    private readonly field: string,
  ) {
    if (typeof text !== 'string' || text === '') throw new InvalidOptionsError(field, 'a non-empty string', text);
    this.#paths = [...text.matchAll(PLACEHOLDER)].map(([, path]) => this.#parsePath(path));
    this.#literals = text.split(/\{[^{}]*\}/);
    const separators = this.#literals.slice(1, -1);
    if (
      this.#literals.some((literal) => /[{}]/.test(literal)) ||
      separators.some((each) => !/^[^\p{L}\p{N}%]/u.test(each))
    ) {
      const allowed = 'placeholders such as {id}, {0} or {result.id}, with a sign such as : between two of them';
      throw new InvalidOptionsError(field, allowed, text);
    }
    const first = separators.map((separator) => `\\u{${separator.codePointAt(0)!.toString(16)}}`);
    if (first.length > 0) this.#escaped = new RegExp(`[%${first.join('')}]`, 'gu');
  }

  /** Whether it can be rendered only after the method returned. */
  get needsResult(): boolean {
    return this.#paths.some(([root]) => root === 'result');
  }

  /** Whether a placeholder names an argument by its position. */
  get needsArguments(): boolean {
    return this.#paths.some(([root]) => /^\d/.test(root));
  }

  /** @throws {InvalidKeyError} naming a placeholder that has no value in this call, or none that can be text. */
  render(scope: TemplateScope): string {
    return this.#literals.reduce((text, literal, index) => text + this.#value(this.#paths[index - 1], scope) + literal);
  }

  #parsePath(path: string): string[] {
    if (!PATH.test(path))
      throw new InvalidOptionsError(this.field, 'placeholders such as {id}, {0} or {user.id}', this.text);
    return path.split('.');
  }

  #value(path: readonly string[], scope: TemplateScope): string {
    const value = follow(path, scope);
    const isText = typeof value === 'string' || typeof value === 'bigint' || typeof value === 'boolean';
    if (!isText && !Number.isFinite(value)) {
      const reason = value === undefined ? 'has no value in this call' : `is ${describe(value)}, which is no text`;
      throw new InvalidKeyError(this.text, `{${path.join('.')}} in ${this.field} ${reason}`);
    }
    const text = String(value);
    return this.#escaped ? text.replace(this.#escaped, percentEncoded) : text;
  }
}

function follow([root, ...fields]: readonly string[], scope: TemplateScope): unknown {
  let value: unknown = /^\d/.test(root) ? scope.args[Number(root)] : named(root, scope);
  for (const field of fields) value = fieldOf(value, field);
  return value;
}

function named(name: string, scope: TemplateScope): unknown {
  if (name === 'result' && scope.result) return scope.result.value;
  return scope.named(name);
}

/** An own field or an accessor of a class, but nothing that every object has: `{0.constructor}` is no value. */
export function fieldOf(value: unknown, field: string): unknown {
  if (typeof value !== 'object' || value === null || field in Object.prototype) return undefined;
  return Reflect.get(value, field);
}

function percentEncoded(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
