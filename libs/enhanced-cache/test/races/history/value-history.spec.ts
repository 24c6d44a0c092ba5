import { ValueHistory } from './value-history.js';

/** Version 1 was written from 1 to 2, version 2 from 10 to 20. */
function twoWrites(): ValueHistory {
  const history = new ValueHistory();
  history.writeBegan('k', 1, 1);
  history.writeEnded('k', 1, 2);
  history.writeBegan('k', 2, 10);
  history.writeEnded('k', 2, 20);
  return history;
}

describe('ValueHistory', () => {
  it('finds a miss possible at any time', () => {
    expect(twoWrites().read('k', undefined, 21, 22)).toBeUndefined();
  });

  it('finds a value impossible that is not written when the read ends', () => {
    expect(twoWrites().read('k', 3, 21, 22)).toMatch(/not written yet/);
    expect(twoWrites().read('k', 2, 3, 9)).toMatch(/not written yet/);
  });

  it('finds either value possible for a read that began while the newer write was under way', () => {
    expect(twoWrites().read('k', 1, 19, 30)).toBeUndefined();
    expect(twoWrites().read('k', 2, 9, 11)).toBeUndefined();
  });

  it('finds the older value impossible for a read that began after the newer write had ended', () => {
    expect(twoWrites().read('k', 1, 21, 22)).toMatch(/write of 2 had ended at 20/);
  });

  it('finds the older value impossible after an earlier read has seen the newer one', () => {
    const history = twoWrites();
    expect(history.read('k', 2, 11, 12)).toBeUndefined();
    expect(history.read('k', 1, 13, 14)).toMatch(/2 had been seen at 12/);
  });

  it('finds the older value possible for a read that ran beside the one that saw the newer', () => {
    const history = twoWrites();
    expect(history.read('k', 2, 11, 15)).toBeUndefined();
    expect(history.read('k', 1, 14, 16)).toBeUndefined();
  });

  it('finds a value impossible that is older than all the writes it remembers', () => {
    const history = new ValueHistory();
    for (let version = 1; version <= 481; version++) history.writeBegan('k', version, version);
    expect(history.read('k', 1, 500, 501)).toMatch(/older than the last 480 writes/);
    expect(history.read('k', 2, 500, 501)).toBeUndefined();
  });

  it('tells keys apart', () => {
    expect(twoWrites().read('other', 1, 21, 22)).toMatch(/not written yet/);
  });
});
