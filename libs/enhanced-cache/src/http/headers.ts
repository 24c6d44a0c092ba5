/** Header fields as Node.js gives them: lower-case names; several values of one name are a list. */
export type Headers = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** The values of a field as one text; `undefined` where it is absent. */
export function headerText(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** The members of a comma-separated field, trimmed and in lower case (RFC 9110 section 5.6.1). */
export function headerList(headers: Headers, name: string): string[] {
  const text = headerText(headers, name) ?? '';
  return text
    .split(',')
    .map((member) => member.trim().toLowerCase())
    .filter((member) => member !== '');
}
