/** What separates or hides text in JavaScript source: comments, strings and templates are skipped as a whole. */
const OPAQUE = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`/g;
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

/**
 * The names of the parameters of `fn`, read from its source; `undefined` for one that has no single name (destructured).
 *
 * Names are what the running code has: a minifier that renames parameters renames them here. Who ships mangled code uses
 * positions (`{0}`) or functions. Regular expressions with a bracket inside a default value are not understood; names
 * after them may be missing, never wrong ones in place.
 *
 * Cost: one pass over the source; callers keep the result.
 */
export function parameterNames(fn: (...args: never[]) => unknown): (string | undefined)[] {
  const source = Function.prototype.toString.call(fn).replace(OPAQUE, ' ');
  return splitParameters(source).map(nameOf);
}

/** The text between the first bracket and its partner, cut at the commas of the top level. */
function splitParameters(source: string): string[] {
  const arrow = /^\s*(?:async\s+)?([^\s()=,]+)\s*=>/.exec(source);
  if (arrow) return [arrow[1]];
  const start = openingBracket(source);
  const parameters: string[] = [];
  let depth = 0;
  let from = start + 1;
  for (let i = start; i >= 0 && i < source.length; i++) {
    const character = source[i];
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    const ends = depth === 0;
    if (!ends && !(depth === 1 && character === ',')) continue;
    parameters.push(source.slice(from, i));
    from = i + 1;
    if (ends) break;
  }
  return parameters.map((parameter) => parameter.trim()).filter((parameter) => parameter !== '');
}

/** A computed method name (`[expression](a)`) stands in brackets of its own, before those of the parameters. */
function openingBracket(source: string): number {
  const computed = /^\s*(?:(?:static|async|get|set)\s+)*\*?\s*\[/.exec(source);
  if (!computed) return source.indexOf('(');
  let depth = 1;
  let i = computed[0].length;
  for (; i < source.length && depth > 0; i++) depth += Number(source[i] === '[') - Number(source[i] === ']');
  return source.indexOf('(', i);
}

function nameOf(parameter: string): string | undefined {
  const name = parameter
    .split('=')[0]
    .replace(/^\.\.\./, '')
    .trim();
  return IDENTIFIER.test(name) ? name : undefined;
}
