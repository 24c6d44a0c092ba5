import { InvalidValueError } from '../errors.js';
import type { ClassInstances } from '../options/enums.js';
import type { ResolvedOptions, RevivableClass } from '../options/options.js';
import { pathTo } from './locate.js';
import { classNameOf, hidesItsData } from './object-kind.js';

/** Instances of registered classes and, beside each, the place of its class in the `types` option. */
export interface Revivals {
  readonly instances: readonly object[];
  readonly classes: readonly number[];
}

/** Prototypes that a listener was told of. By listener, because a reconfigured cache keeps its listener, not its codec. */
const toldOf = new WeakMap<ResolvedOptions['onWarning'], WeakSet<object>>();

/** Decides what becomes of class instances where values are copied: revived, reduced to their data, or refused. */
export class ClassPolicy {
  readonly #types: readonly RevivableClass[];
  readonly #names: readonly string[];
  readonly #numberOf: ReadonlyMap<object, number>;
  readonly #others: ClassInstances;
  readonly #onWarning: ResolvedOptions['onWarning'];

  constructor(options: Pick<ResolvedOptions, 'types' | 'classInstances' | 'onWarning'>) {
    this.#types = options.types;
    this.#numberOf = new Map(options.types.map((type, number) => [type.prototype as object, number]));
    // Of classes that share a name, all but the first are told apart by their place.
    const names = options.types.map((type) => type.name);
    this.#names = names.map((name, number) => (names.indexOf(name) === number ? name : `${name}#${number}`));
    this.#others = options.classInstances;
    this.#onWarning = options.onWarning;
  }

  /**
   * Which of `found` (all class instances inside `value`) come back as what they are. A subclass of a registered class
   * is a class of its own.
   *
   * @throws {InvalidValueError} for an instance whose data cannot be seen, and under `'refuse'` for any that is not
   * registered.
   */
  judge(value: unknown, found: readonly object[]): Revivals {
    const instances: object[] = [];
    const classes: number[] = [];
    for (const instance of found) {
      if (hidesItsData(instance)) throw hidden(value, instance);
      const prototype: object = Object.getPrototypeOf(instance);
      const number = this.#numberOf.get(prototype);
      if (number === undefined) {
        this.#judgeUnregistered(value, instance, prototype);
      } else {
        instances.push(instance);
        classes.push(number);
      }
    }
    return { instances, classes };
  }

  /** Prototype of the class with the number that {@link judge} gave; `undefined` for any other number. */
  prototypeOf(number: number): object | undefined {
    return this.#types[number]?.prototype as object | undefined;
  }

  /** Name of the class with that number, by which files and other processes know it. */
  nameOf(number: number): string {
    return this.#names[number];
  }

  /** Prototype of the registered class of that name. */
  prototypeNamed(name: string): object | undefined {
    return this.prototypeOf(this.#names.indexOf(name));
  }

  #judgeUnregistered(value: unknown, instance: object, prototype: object): void {
    const name = classNameOf(instance);
    if (this.#others === 'refuse') {
      throw new InvalidValueError(
        pathTo(value, instance),
        `an instance of ${name} would come back without its class; register it with types: [${name}]`,
      );
    }
    if (this.#others === 'warn' && this.#isNews(prototype)) {
      this.#onWarning(
        `instances of ${name} are stored as their own enumerable data and come back without their class; ` +
          `register the class with types: [${name}] to get instances back, or set classInstances: 'allow' to accept this`,
      );
    }
  }

  #isNews(prototype: object): boolean {
    let told = toldOf.get(this.#onWarning);
    if (!told) toldOf.set(this.#onWarning, (told = new WeakSet()));
    if (told.has(prototype)) return false;
    told.add(prototype);
    return true;
  }
}

function hidden(value: unknown, instance: object): InvalidValueError {
  const name = classNameOf(instance);
  return new InvalidValueError(
    pathTo(value, instance),
    `an instance of ${name} keeps its data where it cannot be read; store what is needed of it as text or plain fields`,
  );
}
