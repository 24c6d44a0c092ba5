import { growAtOnce, type Growth } from '../enlarge.js';
import type { EvictionPolicy } from './eviction-policy.js';
import { LivePolicy } from './live-policy.js';

/** First in, first out: enough to see who was told what. */
class Fifo implements EvictionPolicy {
  readonly resident: number[] = [];
  readonly hits: number[] = [];
  readonly resized: number[] = [];
  capacity = 0;
  *grow(capacity: number): Growth {
    yield;
    this.capacity = capacity;
  }
  onInsert(slot: number): void {
    expect(this.resident).not.toContain(slot);
    expect(slot).toBeLessThan(this.capacity);
    this.resident.push(slot);
  }
  onHit(slot: number): void {
    this.hits.push(slot);
  }
  onUpdate(slot: number): void {
    expect(this.resident).toContain(slot);
  }
  onResize(slot: number): void {
    expect(this.resident).toContain(slot);
    this.resized.push(slot);
  }
  onRemove(slot: number): void {
    expect(this.resident).toContain(slot);
    this.resident.splice(this.resident.indexOf(slot), 1);
  }
  victim(newcomer: number): number {
    return this.resident.find((slot) => slot !== newcomer) ?? -1;
  }
}

function livePolicy() {
  const incumbent = new Fifo();
  const live = new LivePolicy(incumbent);
  growAtOnce(live.grow(8));
  for (const slot of [0, 1, 2]) live.onInsert(slot);
  return { incumbent, live, resident: (slot: number) => incumbent.resident.includes(slot) };
}

describe('LivePolicy', () => {
  it('hands residents over in the order it is given, and takes victims from the incumbent until all are', () => {
    const { live, resident } = livePolicy();
    const successor = new Fifo();
    const steps = live.replace(successor, [2, 0, 1], resident);
    while (successor.resident.length < 2) steps.next();
    expect(successor.resident).toEqual([2, 0]);
    expect(live.victim(-1)).toBe(0);
    while (!steps.next().done);
    expect(live.victim(-1)).toBe(2);
  });

  it('tells the successor of arrivals at once, and of the rest only what it knows already', () => {
    const { live, resident } = livePolicy();
    const successor = new Fifo();
    const steps = live.replace(successor, [0, 1, 2, 3], resident);
    while (successor.resident.length < 1) steps.next();
    live.onHit(0);
    live.onHit(2);
    live.onInsert(3);
    live.onRemove(0, 'deleted');
    live.onRemove(1, 'deleted');
    while (!steps.next().done);
    expect(successor.hits).toEqual([0]);
    expect(successor.resident).toEqual([3, 2]);
  });

  it('lets a slot that was handed over, freed and taken again be handed over once', () => {
    const { live, resident } = livePolicy();
    const successor = new Fifo();
    const steps = live.replace(successor, [0, 1, 2], resident);
    steps.next();
    live.onRemove(0, 'evicted');
    live.onInsert(0);
    while (!steps.next().done);
    expect(successor.resident).toEqual([0, 1, 2]);
  });

  it('grows while a replacement is under way', () => {
    const { live, resident } = livePolicy();
    const successor = new Fifo();
    const steps = live.replace(successor, [0, 1, 2], resident);
    while (successor.resident.length < 1) steps.next();
    growAtOnce(live.grow(16));
    live.onInsert(12);
    while (!steps.next().done);
    expect(successor.resident).toEqual([0, 12, 1, 2]);
  });

  it('gives up a replacement for a later one', () => {
    const { live, incumbent, resident } = livePolicy();
    const first = new Fifo();
    const second = new Fifo();
    const superseded = live.replace(first, [0, 1, 2], resident);
    superseded.next();
    const steps = live.replace(second, [1, 2, 0], resident);
    while (!steps.next().done);
    while (!superseded.next().done);
    incumbent.resident.length = 0;
    expect(live.victim(-1)).toBe(1);
  });

  it('tells the incumbent of another size, and the successor where it knows the entry', () => {
    const { incumbent, live, resident } = livePolicy();
    const successor = new Fifo();
    const steps = live.replace(successor, [0, 1, 2], resident);
    while (successor.resident.length < 1) steps.next();
    live.onResize(0);
    live.onResize(2);
    expect([incumbent.resized, successor.resized]).toEqual([[0, 2], [0]]);
  });
});
