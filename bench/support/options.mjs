import { parseArgs } from 'node:util';

/**
 * The options of the command line, judged: `{ name: { type, default?, judge? } }` as for `parseArgs`, where `judge(text)`
 * gives the value or throws an error that says what is allowed. What cannot be used ends the process with code 2 and one
 * line that names the option.
 */
export function commandLine(program, options) {
  const known = Object.keys(options).map((name) => `--${name}`);
  return orRefuse(`${program} [${known.join('] [')}]`, () => {
    const { values } = parseArgs({ options, allowPositionals: false });
    for (const [name, { judge }] of Object.entries(options)) {
      if (judge && values[name] !== undefined) values[name] = judged(name, judge, values[name]);
    }
    return values;
  });
}

/** What `attempt` gives; where it throws, one line that says why, and the end with code 2. */
export function orRefuse(program, attempt) {
  try {
    return attempt();
  } catch (error) {
    console.error(`${program}: ${error.message}`);
    process.exit(2);
  }
}

function judged(name, judge, text) {
  try {
    return judge(text);
  } catch (error) {
    throw new Error(`--${name}: ${error.message}, received '${text}'`, { cause: error });
  }
}

export function integer(least, most) {
  return (text) => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < least || number > most) {
      throw new Error(`expected an integer from ${least} to ${most}`);
    }
    return number;
  };
}

/** `1000,100000` to numbers. */
export function integers(least, most) {
  return (text) =>
    text.split(',').map((part) => {
      const number = Number(part);
      if (!Number.isInteger(number) || number < least || number > most) {
        throw new Error(`expected integers from ${least} to ${most}, separated by commas`);
      }
      return number;
    });
}

export function oneOf(known) {
  return (text) => {
    if (!known.includes(text)) throw new Error(`expected one of ${known.join(', ')}`);
    return text;
  };
}

/** Words out of `known`, separated by commas. */
export function words(known) {
  return (text) =>
    text.split(',').map((word) => {
      if (!known.includes(word)) throw new Error(`expected some of ${known.join(', ')}, separated by commas`);
      return word;
    });
}

export function pattern(text) {
  try {
    return new RegExp(text, 'i');
  } catch (error) {
    throw new Error('expected a regular expression', { cause: error });
  }
}
