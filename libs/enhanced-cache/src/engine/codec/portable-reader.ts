import { CacheError, CodecError } from '../errors.js';
import type { ClassPolicy } from './class-policy.js';
import { restoreError } from './error-fields.js';
import { extendWithHoles, setOwnField } from './own-field.js';
import { checkedArray, checkedStrings, emptyNode } from './portable-nodes.js';
import { HoleBudget, MAX_BIGINT_DIGITS } from './portable-limits.js';

const SPECIAL_NUMBERS: ReadonlyMap<unknown, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['-0', -0],
]);
const BIGINT = /^(-?)([0-9a-f]+)$/i;

/**
 * Reads a {@link JsonTree} that may come from anywhere. First every object is made empty, then all are filled, so places
 * may point anywhere in the list and nothing recurses.
 */
export class PortableReader {
  #objects: object[] = [];

  constructor(private readonly classes: ClassPolicy) {}

  /** @throws {CodecError} saying what does not fit. */
  read(tree: unknown): unknown {
    try {
      return this.#read(tree);
    } catch (error) {
      throw error instanceof CacheError ? error : new CodecError('typed value: cannot be read', { cause: error });
    }
  }

  #read(tree: unknown): unknown {
    if (typeof tree !== 'object' || tree === null) throw new CodecError('typed value: expected an object');
    const { root, nodes, classes } = tree as Readonly<Record<string, unknown>>;
    const checkedNodes = checkedArray(nodes, 'nodes').map((node, place) => checkedArray(node, `nodes[${place}]`));
    const holes = new HoleBudget();
    this.#objects = checkedNodes.map((node, place) => emptyNode(node, place, holes, (slot) => this.#primitive(slot)));
    checkedNodes.forEach((node, place) => this.#fill(this.#objects[place], node));
    checkedArray(classes, 'classes').forEach((note) => this.#applyClass(checkedArray(note, 'classes')));
    return this.#value(root);
  }

  #fill(object: object, [type, first, second, third, fourth]: readonly unknown[]): void {
    switch (type) {
      case 'object':
        return this.#fillFields(object, first, second);
      case 'array':
        for (const slot of checkedArray(first, 'array')) (object as unknown[]).push(this.#value(slot));
        return;
      case 'sparse':
        this.#fillFields(object, second, third);
        extendWithHoles(object as unknown[], first as number);
        if ((object as unknown[]).length !== first)
          throw new CodecError('typed value: elements beyond the length of an array');
        return;
      case 'map': {
        const values = checkedArray(second, 'map');
        checkedArray(first, 'map', values.length).forEach((key, index) =>
          (object as Map<unknown, unknown>).set(this.#value(key), this.#value(values[index])),
        );
        return;
      }
      case 'set':
        for (const slot of checkedArray(first, 'set')) (object as Set<unknown>).add(this.#value(slot));
        return;
      case 'error': {
        const names = checkedStrings(second, 'error');
        const values = checkedArray(third, 'error', names.length);
        const enumerable = checkedArray(fourth, 'error', names.length);
        const fields = names.map((name, index) => ({
          name,
          value: this.#value(values[index]),
          enumerable: enumerable[index] === true,
        }));
        return restoreError(object, String(first), fields);
      }
    }
  }

  #fillFields(object: object, names: unknown, values: unknown): void {
    const checkedNames = checkedStrings(names, 'names');
    const slots = checkedArray(values, 'values', checkedNames.length);
    checkedNames.forEach((name, index) => setOwnField(object, name, this.#value(slots[index])));
  }

  #applyClass([place, className, names, values]: readonly unknown[]): void {
    const object = this.#at(place);
    const prototype = typeof className === 'string' ? this.classes.prototypeNamed(className) : undefined;
    if (!prototype) throw new CodecError(`typed value: class ${JSON.stringify(className)} is not registered`);
    this.#fillFields(object, names, values);
    Object.setPrototypeOf(object, prototype);
  }

  #value(slot: unknown): unknown {
    return Array.isArray(slot) && slot.length === 1 && slot[0] !== 'undefined'
      ? this.#at(slot[0])
      : this.#primitive(slot);
  }

  #at(place: unknown): object {
    const object = typeof place === 'number' ? this.#objects[place] : undefined;
    if (object === undefined) throw new CodecError(`typed value: there is no node ${JSON.stringify(place)}`);
    return object;
  }

  #primitive(slot: unknown): unknown {
    if (slot === null || typeof slot === 'string' || typeof slot === 'number' || typeof slot === 'boolean') return slot;
    const [type, text] = checkedArray(slot, 'slot');
    if (type === 'undefined') return undefined;
    if (type === 'bigint') return bigintOf(text);
    const number = type === 'number' ? SPECIAL_NUMBERS.get(text) : undefined;
    if (number === undefined) throw new CodecError('typed value: a slot is neither a primitive nor a node');
    return number;
  }
}

function bigintOf(text: unknown): bigint {
  const match = typeof text === 'string' && text.length <= MAX_BIGINT_DIGITS ? BIGINT.exec(text) : null;
  if (!match) throw new CodecError('typed value: a bigint is not made of hexadecimal digits');
  const magnitude = BigInt(`0x${match[2]}`);
  return match[1] === '-' ? -magnitude : magnitude;
}
