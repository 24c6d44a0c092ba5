/** Dictionaries in the reports: their keys are data, not names of fields. */
const DICTIONARIES: ReadonlySet<string> = new Set(['accessPatterns', 'failures']);

/**
 * A report as it leaves the process: field names in snake_case, dates in ISO 8601, all else as it is. The keys of
 * `accessPatterns` and `failures` are data and stay untouched.
 */
export function toWire(report: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(report).map(([name, value]) => [
      snakeCase(name),
      DICTIONARIES.has(name) ? mapValues(value as object) : wireValue(value),
    ]),
  );
}

/** `averageAccessTimeMs` -> `average_access_time_ms`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function mapValues(dictionary: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(dictionary).map(([key, value]) => [key, wireValue(value)]));
}

function wireValue(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(wireValue);
  return typeof value === 'object' && value !== null ? toWire(value) : value;
}
