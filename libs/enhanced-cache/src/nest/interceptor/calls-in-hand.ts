import type { ExecutionContext } from '@nestjs/common';

/** One call that an interceptor of the cache has in hand. */
export interface CallInHand {
  /** What the handler itself returned, where an outer interceptor of the cache wants to know. */
  own?: { readonly value: unknown };
}

/** The interceptor may be applied to the app, the controller and the handler at once: the outermost does the work. */
export const callsInHand = new WeakMap<ExecutionContext, CallInHand>();
