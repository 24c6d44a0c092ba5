import { payloadKinds } from '../../../test/support/payload-kinds.js';
import { CompressionRecord } from './compression-record.js';
import { Encoding } from './frame.js';

const noise = payloadKinds.noise;
const text = Buffer.from('{"id":1},'.repeat(500));
const { BYTES, STRUCTURED } = Encoding;

/** Asks for `payloads` random payloads, none of which shrinks; how many were tried. */
function triesAmong(payloads: number, record = new CompressionRecord(), sizeBytes = 4096): number {
  const family = record.familyOf(BYTES, noise(sizeBytes, 1)) as number;
  let tries = 0;
  for (let i = 0; i < payloads; i++) {
    if (record.rests(family)) continue;
    record.learn(family, false);
    tries++;
  }
  return tries;
}
const rests = (record: CompressionRecord, encoding: number, sizeBytes: number): boolean =>
  record.rests(record.familyOf(encoding, noise(sizeBytes, 1)) as number);

describe('CompressionRecord', () => {
  it('leaves a family alone that did not shrink, and asks again ever more rarely', () => {
    expect(triesAmong(2)).toBe(2);
    expect(triesAmong(10)).toBe(2);
    expect(triesAmong(11)).toBe(3);
    // The second failure and the seven after it each end a rest that doubles, from 8 on; then one in 1025 is tried.
    const growing = 1 + 8;
    const spent = growing + 8 + 16 + 32 + 64 + 128 + 256 + 512 + 1024;
    expect(triesAmong(spent)).toBe(growing);
    expect(triesAmong(spent + 5 * 1025)).toBe(growing + 5);
  });

  it('never leaves out what may shrink, whatever became of its family', () => {
    const record = new CompressionRecord();
    triesAmong(1000, record, text.byteLength);
    expect(record.familyOf(BYTES, text)).toBeUndefined();
  });

  it('tells families apart by encoding and by size', () => {
    const record = new CompressionRecord();
    triesAmong(5, record);
    expect(rests(record, BYTES, 4096)).toBe(true);
    expect(rests(record, BYTES, 8000)).toBe(true);
    expect(rests(record, BYTES, 8192)).toBe(false);
    expect(rests(record, STRUCTURED, 4096)).toBe(false);
  });

  it('asks the doubtful more often than the unlikely', () => {
    const record = new CompressionRecord();
    const sound = record.familyOf(BYTES, payloadKinds.sound(4096, 1)) as number;
    expect(sound).not.toBe(record.familyOf(BYTES, noise(4096, 1)));
    for (let i = 0; i < 300; i++) if (!record.rests(sound)) record.learn(sound, false);
    while (record.rests(sound));
    record.learn(sound, false);
    let resting = 0;
    while (record.rests(sound)) resting++;
    expect(resting).toBe(64);
  });

  it('takes a family up again once a payload of it shrank', () => {
    const record = new CompressionRecord();
    triesAmong(5, record);
    record.learn(record.familyOf(BYTES, noise(4096, 1)) as number, true);
    expect(triesAmong(2, record)).toBe(2);
    expect(rests(record, BYTES, 4096)).toBe(true);
  });
});
