import { InvalidOptionsError } from '../../engine/errors.js';
import type { TextOption, TextsOption } from './decorator-options.js';
import { Template, type TemplateScope } from './template.js';

/** Where one or several texts of a rule come from, once the call is known. */
export interface Source<T> {
  /** Whether it can be resolved only after the method returned. */
  readonly needsResult: boolean;
  /** Whether it asks for the arguments of the call, which on a handler have to be made first. */
  readonly needsArguments: boolean;
  resolve(scope: TemplateScope): T;
}

const NONE: Source<readonly string[]> = { needsResult: false, needsArguments: false, resolve: () => [] };

/** @throws {InvalidOptionsError} where `option` is neither a text, a template nor a function; `field` names it. */
export function textSource<A extends unknown[]>(option: TextOption<A>, field: string): Source<string> {
  if (typeof option === 'function')
    return fromFunction(
      option,
      (text) => [text],
      field,
      ([text]) => text,
    );
  const template = new Template(option, field);
  const { needsResult, needsArguments } = template;
  return { needsResult, needsArguments, resolve: (scope) => template.render(scope) };
}

/** @throws {InvalidOptionsError} where `option` is no array of texts and templates and no function. */
export function textsSource<A extends unknown[]>(
  option: TextsOption<A> | undefined,
  field: string,
): Source<readonly string[]> {
  if (option === undefined) return NONE;
  if (typeof option === 'function')
    return fromFunction(
      option,
      (texts) => texts,
      field,
      (texts) => texts,
    );
  if (!Array.isArray(option)) throw new InvalidOptionsError(field, 'an array of texts or a function', option);
  const templates = option.map((text: string, index) => new Template(text, `${field}[${index}]`));
  return {
    needsResult: templates.some((template) => template.needsResult),
    needsArguments: templates.some((template) => template.needsArguments),
    resolve: (scope) => templates.map((template) => template.render(scope)),
  };
}

function fromFunction<A extends unknown[], F, T>(
  make: (...args: A) => F,
  list: (made: F) => unknown,
  field: string,
  pick: (texts: readonly string[]) => T,
): Source<T> {
  return {
    needsResult: false,
    needsArguments: true,
    resolve: (scope) => {
      const texts = list(make(...(scope.args as A)));
      if (!Array.isArray(texts)) throw new InvalidOptionsError(`${field}()`, 'to return an array of texts', texts);
      const wrong = texts.findIndex((text) => typeof text !== 'string' || text === '');
      if (wrong >= 0) throw new InvalidOptionsError(`${field}()`, 'to return non-empty text', texts[wrong]);
      return pick(texts as string[]);
    },
  };
}
