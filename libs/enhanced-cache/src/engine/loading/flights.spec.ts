import { Flight, type Loaded } from './flight.js';
import { Flights } from './flights.js';

const LOADED: Loaded = { value: 1, stored: undefined, cost: 0, fenced: false };

function begun(flights: Flights, key: string, tags: readonly string[] = []): Flight {
  const flight = new Flight(flights, key, { epoch: 0, sequence: 1 }, tags, false);
  flights.begin(flight);
  return flight;
}

describe('Flights', () => {
  it('joins a load until it ends', () => {
    const flights = new Flights();
    const flight = begun(flights, 'k');
    expect([flights.get('k'), flights.get('other')]).toEqual([flight, undefined]);
    flights.end(flight);
    expect([flights.get('k'), flights.size, flights.running.size]).toEqual([undefined, 0, 0]);
  });

  it('keeps a detached load running, unjoinable, and does not take its successor off when it ends', () => {
    const flights = new Flights();
    const old = begun(flights, 'k');
    flights.detach('k');
    expect(flights.get('k')).toBeUndefined();
    const next = begun(flights, 'k');
    flights.end(old);
    expect(flights.get('k')).toBe(next);
  });

  it('detaches by tag those loads alone that will carry it', () => {
    const flights = new Flights();
    begun(flights, 'a', ['x', 'y']);
    const untouched = begun(flights, 'b', ['z']);
    flights.detachTagged(['y', 'w']);
    expect([flights.get('a'), flights.get('b'), flights.running.size]).toEqual([undefined, untouched, 2]);
    flights.detachAll();
    expect([flights.size, flights.running.size]).toEqual([0, 2]);
  });

  it('is settled when every load has ended, detached and failed ones too', async () => {
    const flights = new Flights();
    const [answers, fails] = [begun(flights, 'a'), begun(flights, 'b')];
    flights.detachAll();
    let isSettled = false;
    const settling = flights.settled().then(() => (isSettled = true));
    answers.settleWith(Promise.resolve(LOADED));
    await answers.result;
    expect(isSettled).toBe(false);
    fails.settleWith(Promise.reject(new Error('down')));
    await settling;
  });

  it('abandons what runs: who waits is told, the signal is aborted, nothing is left', async () => {
    const flights = new Flights();
    const flight = begun(flights, 'k');
    const detached = begun(flights, 'detached');
    flights.detach('detached');
    const reason = new Error('closing');
    flights.abandon(reason);
    await expect(flight.result).rejects.toBe(reason);
    expect([flight.signal.reason, detached.signal.reason]).toEqual([reason, reason]);
    expect([flights.size, flights.running.size]).toEqual([0, 0]);
  });
});
