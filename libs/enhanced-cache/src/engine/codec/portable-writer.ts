import { InvalidValueError } from '../errors.js';
import type { ClassPolicy, Revivals } from './class-policy.js';
import { errorFields, errorTypeOf } from './error-fields.js';
import { hasFieldsBeside, kindOf } from './object-kind.js';
import { HoleBudget, MAX_BIGINT_DIGITS } from './portable-limits.js';
import type { ClassNote, JsonTree, Node, Slot } from './portable.js';
import { bytesOf, viewTypeName, viewTypeOf } from './view-types.js';

/** Writes one value as a {@link JsonTree}; made for a value that was inspected before. */
export class PortableWriter {
  readonly #places = new Map<object, number>();
  readonly #objects: object[] = [];
  readonly #holes = new HoleBudget();

  constructor(
    private readonly classes: ClassPolicy,
    private readonly revivals: Revivals,
  ) {}

  write(value: unknown): JsonTree {
    const root = this.#slot(value);
    const nodes: Node[] = [];
    // Writing a node appends the objects it refers to, until all have been met.
    for (let place = 0; place < this.#objects.length; place++) nodes.push(this.#node(this.#objects[place]));
    const classes = this.revivals.instances.map((instance, index) =>
      this.#classNote(instance, this.revivals.classes[index]),
    );
    // The fields of class notes may have brought in more.
    for (let place = nodes.length; place < this.#objects.length; place++) nodes.push(this.#node(this.#objects[place]));
    return { root, nodes, classes };
  }

  #classNote(instance: object, classNumber: number): ClassNote {
    const names = hasFieldsBeside(kindOf(instance)) ? Object.keys(instance) : [];
    return [this.#place(instance), this.classes.nameOf(classNumber), names, this.#fields(instance, names)];
  }

  #slot(value: unknown): Slot {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        return Number.isFinite(value) && !Object.is(value, -0) ? value : ['number', value === 0 ? '-0' : String(value)];
      case 'bigint':
        return bigintSlot(value);
      case 'object':
        return value === null ? null : [this.#place(value)];
      default:
        return ['undefined'];
    }
  }

  #place(object: object): number {
    let place = this.#places.get(object);
    if (place === undefined) {
      this.#places.set(object, (place = this.#objects.length));
      this.#objects.push(object);
    }
    return place;
  }

  #slots(values: Iterable<unknown>): Slot[] {
    return Array.from(values, (value) => this.#slot(value));
  }

  #fields(object: object, names: readonly string[]): Slot[] {
    return names.map((name) => this.#slot((object as Record<string, unknown>)[name]));
  }

  #node(object: object): Node {
    const kind = kindOf(object);
    switch (kind) {
      case 'array':
        return this.#arrayNode(object as unknown[]);
      case 'map':
        return ['map', this.#slots(Map.prototype.keys.call(object)), this.#slots(Map.prototype.values.call(object))];
      case 'set':
        return ['set', this.#slots(Set.prototype.values.call(object))];
      case 'date': {
        const timeMs = Date.prototype.getTime.call(object);
        return ['date', Number.isNaN(timeMs) ? null : timeMs];
      }
      case 'regexp':
        return ['regexp', (object as RegExp).source, (object as RegExp).flags];
      case 'error': {
        const fields = errorFields(object);
        const values = this.#slots(fields.map((field) => field.value));
        return [
          'error',
          errorTypeOf(object),
          fields.map((field) => field.name),
          values,
          fields.map((field) => field.enumerable),
        ];
      }
      case 'boxed':
        return ['boxed', this.#slot((object as { valueOf(): unknown }).valueOf())];
      case 'view':
      case 'buffer':
        return bytesNode(object as ArrayBuffer | ArrayBufferView);
      default: {
        const names = Object.keys(object);
        return ['object', names, this.#fields(object, names)];
      }
    }
  }

  #arrayNode(array: readonly unknown[]): Node {
    const names = Object.keys(array);
    const isDense =
      names.length === array.length && (array.length === 0 || names[array.length - 1] === String(array.length - 1));
    if (!isDense && !this.#holes.take(array.length)) throw new InvalidValueError('value', 'has too many sparse arrays');
    return isDense ? ['array', this.#slots(array)] : ['sparse', array.length, names, this.#fields(array, names)];
  }
}

function bigintSlot(value: bigint): Slot {
  const text = value.toString(16);
  if (text.length <= MAX_BIGINT_DIGITS) return ['bigint', text];
  throw new InvalidValueError('value', `holds a bigint of more than ${MAX_BIGINT_DIGITS} hexadecimal digits`);
}

function bytesNode(binary: ArrayBuffer | ArrayBufferView): Node {
  const type = viewTypeOf(binary);
  if (type === undefined) throw new InvalidValueError('value', 'bytes of this type cannot be stored');
  return ['bytes', viewTypeName(type), bytesOf(binary).toString('base64')];
}
