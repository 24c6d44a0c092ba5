import { isSmallInteger } from '../sizing/heap-layout.js';
import { isOneByte } from '../sizing/string-size.js';

/** Most fields of all known layouts together, those that begin alike counted once; no value in a row has as many. */
const MAX_FIELDS = 4096;
/** Unknown lists of names of which it is remembered how often they were met. */
const MAX_CANDIDATES = 256;

/** What an object or an array is made of, its values apart; stands in front of them in a row. */
export class Layout {
  /**
   * @param names of the fields in their order; `undefined` for an array.
   * @param length how many values follow.
   * @param blank an object of these fields, of which a copy has the shape at once.
   * @param characters of JSON besides those of the values; NaN where some take more than a byte.
   */
  constructor(
    readonly names: readonly string[] | undefined,
    readonly length: number,
    readonly blank: Readonly<Record<string, unknown>> | undefined,
    readonly characters: number,
  ) {}
}

/** The place behind one more field, as V8 has one in its own tree of shapes. */
export class LayoutNode {
  /** There where a known list of names ends. */
  layout: Layout | undefined;
  #children: Map<string, LayoutNode> | undefined;
  /** What was asked for last: objects that are made alike follow each other. */
  #lastName: string | undefined;
  #lastChild: LayoutNode | undefined;

  child(name: string): LayoutNode | undefined {
    if (name === this.#lastName) return this.#lastChild;
    const child = this.#children?.get(name);
    if (child === undefined) return undefined;
    this.#lastName = name;
    return (this.#lastChild = child);
  }

  add(name: string): LayoutNode {
    const child = new LayoutNode();
    (this.#children ??= new Map()).set(name, child);
    return child;
  }
}

/**
 * Layouts of objects that are met again and again, by the names of their fields.
 *
 * A row is worth it where many values share a layout. Where names are data (`{ [userId]: 1 }`) each value has one of its
 * own, which takes more memory than the value, and counts for none. So a list of names is known from the second time on that it
 * is met among the {@link MAX_CANDIDATES} latest unknown ones. Where {@link MAX_FIELDS} fields are known and it goes on,
 * all are forgotten, and to be known again a list must be met twice as often as before: soon only those are that many values
 * have. Rows that were made stay what they are.
 *
 * Cost of finding one: a comparison for each field where the last object had the same, otherwise a lookup.
 */
export class KnownLayouts {
  #root = new LayoutNode();
  #fields = 0;
  /** How often a list of names must be met. */
  #enough = 2;
  /** How often unknown lists were met, those first that were not met for longest. */
  readonly #met = new Map<string, number>();

  get root(): LayoutNode {
    return this.#root;
  }

  /** How many fields all known layouts have, those that begin alike counted once. */
  get size(): number {
    return this.#fields;
  }

  /** Tells of an object whose layout is not known; it may be from now on. */
  notice(object: Readonly<Record<string, unknown>>): void {
    const names = Object.keys(object);
    const list = JSON.stringify(names);
    const times = (this.#met.get(list) ?? 0) + 1;
    this.#met.delete(list);
    if (times >= this.#enough) {
      if (names.every(isFieldName)) this.#learn(names, object);
      return;
    }
    this.#met.set(list, times);
    if (this.#met.size > MAX_CANDIDATES) this.#met.delete(this.#met.keys().next().value as string);
  }

  #learn(names: readonly string[], object: Readonly<Record<string, unknown>>): void {
    if (this.#fields + names.length > MAX_FIELDS) this.#forgetAll();
    let node = this.#root;
    for (const name of names) {
      const next = node.child(name);
      if (next === undefined) this.#fields++;
      node = next ?? node.add(name);
    }
    const blank = Object.fromEntries(names.map((name) => [name, blankOf(object[name])]));
    const text = JSON.stringify(names);
    // A list of names has the quotes and commas of an object, which has a colon behind each.
    const characters = isOneByte(text) ? text.length + names.length : NaN;
    node.layout ??= new Layout(names, names.length, JSON.parse(JSON.stringify(blank)) as typeof blank, characters);
  }

  #forgetAll(): void {
    this.#root = new LayoutNode();
    this.#fields = 0;
    this.#enough *= 2;
  }
}

/** What begins like a number is no field to V8, and to assign to `__proto__` is to set the prototype. */
function isFieldName(name: string): boolean {
  return !/^(?:\d|__proto__$)/.test(name);
}

/** Something of the same kind, so that fields are made for what will stand in them. */
function blankOf(value: unknown): unknown {
  if (typeof value === 'number') return isSmallInteger(value) ? 0 : 0.5;
  return typeof value === 'boolean' ? false : null;
}
