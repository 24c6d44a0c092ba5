import { FakeClock } from '../ports/fake-clock.js';
import { BackgroundCompression, type CompressionTarget } from './background-compression.js';
import { StoredKind, type StoredValue } from './value-codec.js';

const MIB = 1024 * 1024;

/** A form whose compression ends when the test says so. */
class HeldForm implements StoredValue {
  readonly kind = StoredKind.FRAME;
  readonly data: Buffer;
  readonly storedBytes: number;
  readonly heldBytes: number;
  begun = false;
  finish: (smaller?: StoredValue) => void = () => undefined;
  fail: (error: Error) => void = () => undefined;
  signal: AbortSignal | undefined;

  constructor(readonly originalBytes = 100_000) {
    this.data = Buffer.alloc(1);
    this.storedBytes = originalBytes;
    this.heldBytes = originalBytes;
  }

  readonly deferred = {
    now: (): undefined => undefined,
    offLoop: (signal: AbortSignal): Promise<StoredValue | undefined> => {
      this.begun = true;
      this.signal = signal;
      return new Promise((resolve, reject) => {
        this.finish = resolve;
        this.fail = reject;
      });
    },
  };
}

function setUp(maxBytes = 100 * MIB) {
  const slots = new Map<number, StoredValue>();
  const target: CompressionTarget = {
    limits: { maxBytes },
    holds: (slot, form) => slots.get(slot) === form,
    swap: (slot, form, smaller) => slots.get(slot) === form && slots.set(slot, smaller) === slots,
  };
  const counts = {
    backgroundCompressions: 0,
    lateCompressions: 0,
    undeferredCompressions: 0,
    failedCompressions: 0,
  };
  const clock = new FakeClock();
  const errors: unknown[] = [];
  const background = new BackgroundCompression(target, clock, counts, (error) => errors.push(error));
  const submit = (slot: number, form = new HeldForm()): HeldForm => {
    slots.set(slot, form);
    background.submit(slot, form);
    return form;
  };
  return { slots, counts, clock, errors, background, submit };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const small = new HeldForm(10_000);

describe('BackgroundCompression', () => {
  it('puts the smaller form in the place of the one that it was made from', async () => {
    const { slots, counts, background, submit } = setUp();
    const form = submit(1);
    expect([form.begun, slots.get(1), background.pendingBytes]).toEqual([true, form, 100_000]);
    form.finish(small);
    await settled();
    expect([slots.get(1), background.pendingBytes]).toEqual([small, 0]);
    expect(counts).toMatchObject({ backgroundCompressions: 1, lateCompressions: 0 });
  });

  it('leaves alone what stands there by then, and what left before its turn', async () => {
    const { slots, counts, clock, submit } = setUp();
    const forms = [1, 2, 3].map((slot) => submit(slot));
    const other = new HeldForm();
    slots.set(1, other);
    slots.delete(3);
    forms[0].finish(small);
    forms[1].finish(small);
    await settled();
    clock.advance(1);
    await settled();
    expect([slots.get(1), forms[2].begun]).toEqual([other, false]);
    expect(counts).toMatchObject({ backgroundCompressions: 1, lateCompressions: 2 });
  });

  it('keeps what does not shrink', async () => {
    const { slots, counts, submit } = setUp();
    const form = submit(1);
    form.finish(undefined);
    await settled();
    expect(slots.get(1)).toBe(form);
    expect(counts).toMatchObject({ backgroundCompressions: 0, lateCompressions: 0, failedCompressions: 0 });
  });

  it('runs two jobs at a time, and the next two, in the order of their coming, once both have ended', async () => {
    const { clock, submit } = setUp();
    const forms = [1, 2, 3, 4, 5].map((slot) => submit(slot));
    const begun = (): number => forms.filter((form) => form.begun).length;
    expect([begun(), clock.pendingTimers]).toEqual([2, 0]);
    forms[1].finish(small);
    await settled();
    clock.advance(1);
    expect([begun(), clock.pendingTimers]).toEqual([2, 0]);
    forms[0].finish(small);
    await settled();
    // Begun from a timer, and not at once: nothing keeps a process alive now.
    expect([begun(), clock.pendingTimers]).toEqual([2, 1]);
    clock.advance(1);
    expect(forms.map((form) => form.begun)).toEqual([true, true, true, true, false]);
  });

  it('lets those who wait go first', async () => {
    const { clock, submit } = setUp();
    const forms = [1, 2, 3].map((slot) => submit(slot));
    for (const form of forms.slice(0, 2)) form.finish(small);
    await settled();
    const late = submit(4);
    expect([forms[2].begun, late.begun]).toEqual([false, false]);
    clock.advance(1);
    expect([forms[2].begun, late.begun]).toEqual([true, true]);
  });

  it('turns away what would exceed 8 MB or a sixteenth of the cache, but not a single payload', () => {
    for (const [maxBytes, limit] of [
      [1000 * MIB, 8 * MIB],
      [16 * MIB, MIB],
    ]) {
      const { background, counts, submit } = setUp(maxBytes);
      expect(background.accepts(50 * MIB)).toBe(true);
      submit(1, new HeldForm(limit - 1000));
      expect([background.accepts(1000), background.accepts(1001)]).toEqual([true, false]);
      expect(counts.undeferredCompressions).toBe(1);
    }
  });

  it('counts and reports a failure, and goes on', async () => {
    const { slots, counts, errors, background, submit } = setUp();
    const [failing, other] = [submit(1), submit(2)];
    failing.fail(new Error('no memory'));
    other.finish(small);
    await settled();
    expect(errors).toEqual([new Error('no memory')]);
    expect(slots.get(1)).toBe(failing);
    expect([counts.failedCompressions, counts.backgroundCompressions, background.pendingBytes]).toEqual([1, 1, 0]);
  });

  it('lets go of everything when it is closed', async () => {
    const { slots, counts, errors, clock, background, submit } = setUp();
    const forms = [1, 2, 3].map((slot) => submit(slot));
    background.close();
    expect(forms[0].signal?.aborted).toBe(true);
    forms[0].finish(small);
    forms[1].fail(new Error('aborted'));
    await settled();
    clock.advance(1000);
    expect([forms[2].begun, slots.get(1), errors]).toEqual([false, forms[0], []]);
    expect([background.pendingBytes, clock.pendingTimers, background.accepts(1)]).toEqual([0, 0, false]);
    submit(4);
    expect(background.pendingBytes).toBe(0);
    expect(Object.values(counts)).toEqual([0, 0, 0, 0]);
  });
});
