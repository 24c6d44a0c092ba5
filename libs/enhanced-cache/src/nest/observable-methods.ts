import { isObservable } from 'rxjs';

const methods = new WeakSet<object>();

/** Remembers `method` as one that returns Observables where `returned` is one; gives back `returned`. */
export function noteObservable<T>(method: object, returned: T): T {
  if (!methods.has(method) && isObservable(returned)) methods.add(method);
  return returned;
}

/**
 * Whether a decorated method was seen to return an Observable. Such a stream may have many values or no end: it is passed
 * on and never cached.
 */
export function returnsObservables(method: object): boolean {
  return methods.has(method);
}
