import { randomFrom } from './random.mjs';

/** Order lists as an API returns them, each instance different, of about the size that is asked for. */
const NAMES = ['Ada Lovelace', 'Grace Hopper', 'Alan Turing', 'Barbara Liskov', 'Edsger Dijkstra', 'Donald Knuth'];
const ITEMS = ['keyboard', 'notebook', 'coffee beans', 'headphones', 'desk lamp', 'monitor arm', 'usb cable'];

export const PAYLOADS = [
  { name: '120 B', bytes: 120 },
  { name: '2 KB', bytes: 2048 },
  { name: '50 KB', bytes: 51_200 },
];

/** A payload of at least `bytes` of JSON, and not much more. */
export function payload(bytes, seed) {
  const random = randomFrom(seed);
  const order = (i) => ({
    id: Math.floor(random() * 1e9),
    item: ITEMS[Math.floor(random() * ITEMS.length)],
    quantity: 1 + Math.floor(random() * 9),
    price: Math.round(random() * 1e5) / 100,
    at: new Date(1.7e12 + Math.floor(random() * 1e10)).toISOString(),
    shipped: i % 3 === 0,
  });
  const value = { user: NAMES[Math.floor(random() * NAMES.length)], orders: [order(0)] };
  for (let size = JSON.stringify(value).length, i = 1; size < bytes; i++) {
    value.orders.push(order(i));
    size += JSON.stringify(value.orders.at(-1)).length + 1;
  }
  return value;
}
