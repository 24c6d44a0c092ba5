/**
 * A value that nobody can change and that knows its own size: every isolation mode keeps it as it is and gives the one
 * object to all readers, so that a hit copies nothing.
 *
 * For what the library itself stores (responses of handlers), not for values of applications.
 */
export abstract class ImmutableValue {
  /** What V8 takes to hold it, in bytes; the same at every call. */
  abstract readonly heldBytes: number;

  /** Its content as plain data, for exports and for tiers outside of this process. */
  abstract toPlain(): object;
}
