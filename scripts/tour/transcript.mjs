import { asCommand, statusLine } from '../support/curl.mjs';

/** What every run measures anew; the rest of an answer stays the same and would show in a diff. */
const MEASURED = /_ms$|_per_second$|_seconds$|^average_access_time$|^p\d+$|^ttl_remaining$/;
const TIMESTAMP = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
const SHOWN_HEADERS = ['content-type', 'cache-control', 'x-cache', 'age', 'etag', 'www-authenticate', 'location'];
const MAX_LINES = 48;

/** One exchange as Markdown: the command as typed, the status line, the headers that say something, the body. */
export function transcript(title, request, shownBody, response) {
  const headers = SHOWN_HEADERS.filter((name) => name in response.headers && isTelling(name, response)).map(
    (name) => `${name}: ${response.headers[name]}`,
  );
  const lines = [
    '$ ' + asCommand(request, shownBody),
    statusLine(response.status),
    ...headers,
    '',
    ...shownLines(response),
  ];
  return `**${title}**\n\n\`\`\`\n${lines.join('\n').trimEnd()}\n\`\`\`\n`;
}

/** The framework puts an ETag on whatever it sends; only those of the cache are meant to be sent back. */
function isTelling(name, { headers }) {
  return name !== 'etag' || 'x-cache' in headers;
}

function shownLines({ body, headers }) {
  const isJson = headers['content-type']?.startsWith('application/json');
  const text =
    isJson && body ? JSON.stringify(masked(JSON.parse(body)), null, 2) : body.split('\n').map(maskedLine).join('\n');
  const lines = text.replaceAll(TIMESTAMP, '2026-01-01T00:00:00.000Z').split('\n');
  return lines.length > MAX_LINES
    ? [...lines.slice(0, MAX_LINES), `... (${lines.length - MAX_LINES} more lines)`]
    : lines;
}

function maskedLine(line) {
  return line.startsWith('{') ? JSON.stringify(masked(JSON.parse(line))) : line;
}

function masked(value, key = '') {
  if (typeof value === 'number') return MEASURED.test(key) ? '<measured>' : value;
  if (Array.isArray(value)) return value.map((each) => masked(each));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, masked(each, name)]));
}
