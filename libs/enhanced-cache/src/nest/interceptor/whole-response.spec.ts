import { headOf } from './whole-response.js';

describe('headOf', () => {
  it('has the status, each value of each field, the length, and that the connection stays open', () => {
    const fields = [
      ['etag', '"a"'],
      ['link', ['<a>', '<b>']],
    ] as const;
    expect(headOf(404, fields, 7, 72_500)).toBe(
      'HTTP/1.1 404 Not Found\r\netag: "a"\r\nlink: <a>\r\nlink: <b>\r\ncontent-length: 7\r\n' +
        'Connection: keep-alive\r\nKeep-Alive: timeout=72\r\n\r\n',
    );
  });

  it('does not name a time where the server has none', () => {
    expect(headOf(200, [], 0, 0)).toBe('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nConnection: keep-alive\r\n\r\n');
  });

  it.each(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'trailer', 'upgrade'])(
    'leaves a head with %s to Node.js',
    (name) => {
      expect(headOf(200, [[name, 'x']], 0, 5000)).toBeUndefined();
    },
  );

  it.each(['a\r\nset-cookie: b', 'a\nb', '\u0000', 'ā'])('refuses what would be another head: %j', (value) => {
    expect(() => headOf(200, [['x-a', value]], 0, 5000)).toThrow('Invalid character');
  });
});
