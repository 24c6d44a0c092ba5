import { errorFields } from '../../src/engine/codec/error-fields.js';
import { kindOf } from '../../src/engine/codec/object-kind.js';

/**
 * Where two values differ, or `undefined` where they are the same: types, order of fields, holes, -0, identity of
 * shared objects, cycles, classes. Looks through realms, because what V8 deserializes belongs to the main one while a
 * test runs in its own. Iterative, so that deep values can be compared.
 */
export function difference(left: unknown, right: unknown): string | undefined {
  const partners = new Map<object, object>();
  const reverse = new Map<object, object>();
  const stack: [unknown, unknown, string][] = [[left, right, 'value']];
  for (let pair = stack.pop(); pair; pair = stack.pop()) {
    const [a, b, path] = pair;
    if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) {
      if (!Object.is(a, b)) return `${path}: ${String(a)} is not ${String(b)}`;
      continue;
    }
    if (partners.has(a) || reverse.has(b)) {
      if (partners.get(a) !== b || reverse.get(b) !== a) return `${path}: shared differently`;
      continue;
    }
    partners.set(a, b);
    reverse.set(b, a);
    const outside = outsideOf(a, b);
    if (outside) return `${path}: ${outside}`;
    const [mine, theirs] = [partsOf(a), partsOf(b)];
    if (mine.length !== theirs.length) return `${path}: ${mine.length} parts against ${theirs.length}`;
    for (const [index, [name, value]] of mine.entries()) {
      if (theirs[index][0] !== name) return `${path}: field ${name} against ${theirs[index][0]}`;
      stack.push([value, theirs[index][1], `${path}.${name}`]);
    }
  }
  return undefined;
}

function outsideOf(a: object, b: object): string | undefined {
  if (kindOf(a) !== kindOf(b)) return `${kindOf(a)} is not ${kindOf(b)}`;
  if (className(a) !== className(b)) return `class ${className(a)} is not ${className(b)}`;
  if (Array.isArray(a) && a.length !== (b as unknown[]).length) return 'another length';
  return undefined;
}

function className(object: object): string {
  return (Object.getPrototypeOf(object) as object | null)?.constructor.name ?? 'Object';
}

function partsOf(object: object): [string, unknown][] {
  const fields = (): [string, unknown][] => Object.entries(object);
  switch (kindOf(object)) {
    case 'map':
      return [...(object as Map<unknown, unknown>)].flatMap(([key, value], index): [string, unknown][] => [
        [`key ${index}`, key],
        [`value ${index}`, value],
      ]);
    case 'set':
      return [...(object as Set<unknown>)].map((value, index) => [String(index), value]);
    case 'date':
      return [...fields(), ['time', (object as Date).getTime()]];
    case 'regexp':
      return [...fields(), ['text', String(object)]];
    case 'boxed':
      return [['boxed', (object as { valueOf(): unknown }).valueOf()]];
    case 'error':
      return errorFields(object).map(({ name, value, enumerable }) => [
        `${name}${enumerable ? '' : ' (hidden)'}`,
        value,
      ]);
    case 'view':
    case 'buffer': {
      const view = ArrayBuffer.isView(object) ? object : new Uint8Array(object as ArrayBuffer);
      return [['bytes', Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('hex')]];
    }
    default:
      return fields();
  }
}
