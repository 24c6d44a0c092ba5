import { argumentKey } from '../../engine/loading/argument-key.js';
import { classLabel } from '../class-label.js';
import { parameterNames } from './parameter-names.js';
import { fieldOf, type TemplateScope } from './template.js';

/** What a decorated method is, told once for all its calls. */
export class MethodFacts {
  #names: (string | undefined)[] | undefined;

  constructor(
    readonly original: (...args: never[]) => unknown,
    readonly name: string,
    /** The class that declares the method; instances may be of a subclass. */
    readonly declaredBy: { readonly name: string },
  ) {}

  /** Position of the parameter called `name`, or -1. */
  indexOf(name: string): number {
    this.#names ??= parameterNames(this.original);
    return this.#names.indexOf(name);
  }
}

/** One call of a decorated provider method, as rules see it. */
export class MethodCall implements TemplateScope {
  constructor(
    private readonly facts: MethodFacts,
    private readonly type: { readonly name: string },
    readonly args: readonly unknown[],
    readonly result?: { readonly value: unknown },
  ) {}

  /**
   * Class and method, for keys and messages. An inherited method names its class as well: an override that calls it
   * with the same arguments must not wait for its own load.
   */
  get label(): string {
    const { declaredBy, name } = this.facts;
    const inherited = this.type === declaredBy ? '' : `<${classLabel(declaredBy)}>`;
    return `${classLabel(this.type)}${inherited}.${name}`;
  }

  /** @throws {import('../../engine/errors.js').InvalidKeyError} naming an argument that cannot be part of a key. */
  defaultKey(): string {
    return `${this.label}:${argumentKey(this.args)}`;
  }

  /** A parameter of that name, otherwise a field of the first argument. */
  named(name: string): unknown {
    const index = this.facts.indexOf(name);
    return index >= 0 ? this.args[index] : fieldOf(this.args[0], name);
  }

  returned(value: unknown): MethodCall {
    return new MethodCall(this.facts, this.type, this.args, { value });
  }
}
