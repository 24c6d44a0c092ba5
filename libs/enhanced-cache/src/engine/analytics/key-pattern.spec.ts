import fc from 'fast-check';
import { keyPattern } from './key-pattern.js';

describe('keyPattern', () => {
  it.each([
    ['user:123:profile', 'user:*:profile'],
    ['user:123', 'user:*'],
    ['user-123', 'user-*'],
    ['user_12_order_34', 'user_*_order_*'],
    ['page12', 'page*'],
    ['prices:-12.5', 'prices:-*.*'],
    ['report:2026-01-31', 'report:*-*-*'],
    ['/api/v2/cities/42?page=3', '/api/v2/cities/*?page=*'],
    ['session:550e8400-e29b-41d4-a716-446655440000', 'session:*'],
    ['session-DEADBEEF-cafe-4abe-abba-aaaaaaaaaaaa:data', 'session-*:data'],
    ['blob:da39a3ee5e6b4b0d3255bfef95601890afd80709', 'blob:*'],
    ['order:01ARZ3NDEKTSV4RRFFQ69G5FAV:lines', 'order:*:lines'],
    ['nano:V1StGXR8_Z5jdHi6B-myT', 'nano:*'],
    ['cus_9s6XKzkNRiz8i3', 'cus_*'],
    ['cus_9s6XKzkNRiz8i3_invoice', 'cus_*_invoice'],
    ['mail:bob.smith@example.com:inbox', 'mail:*:inbox'],
    ['settings', 'settings'],
    ['user:alice', 'user:alice'],
    ['getUserProfileByOrganization:7', 'getUserProfileByOrganization:*'],
    ['internationalization2024', 'internationalization*'],
    ['__proto__', '__proto__'],
    ['', ''],
  ])('makes the pattern of %j %j', (key, pattern) => {
    expect(keyPattern(key)).toBe(pattern);
  });

  it('keeps the words around an id wherever the id stands', () => {
    const id = fc.oneof(fc.uuid(), fc.ulid(), fc.nat().map(String));
    fc.assert(
      fc.property(id, (each) => keyPattern(`city:${each}:weather`) === 'city:*:weather'),
      { seed: 7 },
    );
  });

  it('gives the pattern of a pattern as it is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), (key) => {
        const pattern = keyPattern(key);
        return /\d/.test(pattern) || keyPattern(pattern) === pattern;
      }),
      { seed: 7 },
    );
  });

  it('looks at the head of a long key only', () => {
    const long = `log:${'x'.repeat(5000)}`;
    expect(keyPattern(long)).toBe('log:*');
    expect(keyPattern('a:'.repeat(5000)).length).toBeLessThanOrEqual(129);
  });
});
