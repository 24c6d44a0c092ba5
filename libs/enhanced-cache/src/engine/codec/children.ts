import { describe } from '../errors.js';
import { errorFields } from './error-fields.js';
import { kindOf } from './object-kind.js';

/** A part of a value: how one writes the way to it, and a function that reads it (accessors may throw). */
export interface Child {
  readonly step: string;
  readonly read: () => unknown;
}

/** The parts of `object` that are stored with it, in a form fit for messages. For slow paths: it allocates per part. */
export function childrenOf(object: object): Child[] {
  switch (kindOf(object)) {
    case 'map':
      return [...(Map.prototype.entries.call(object) as Iterable<[unknown, unknown]>)].flatMap(
        ([key, value], index) => [
          { step: `.key(${index})`, read: () => key },
          { step: `.get(${mapKey(key, index)})`, read: () => value },
        ],
      );
    case 'set':
      return [...(Set.prototype.values.call(object) as Iterable<unknown>)].map((value, index) => ({
        step: `{${index}}`,
        read: () => value,
      }));
    case 'error':
      return errorFields(object).map(({ name, value }) => ({ step: fieldStep(name), read: () => value }));
    case 'array':
      return fields(object, (name) => (/^\d+$/.test(name) ? `[${name}]` : fieldStep(name)));
    case 'plain':
    case 'instance':
      return fields(object, fieldStep);
    default:
      return [];
  }
}

function fields(object: object, step: (name: string) => string): Child[] {
  return Object.keys(object).map((name) => ({
    step: step(name),
    read: () => (object as Record<string, unknown>)[name],
  }));
}

function fieldStep(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${describe(name)}]`;
}

function mapKey(key: unknown, index: number): string {
  return typeof key === 'object' && key !== null ? `key(${index})` : describe(key);
}
