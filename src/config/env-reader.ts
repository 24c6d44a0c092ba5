export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable of the environment cannot work. The message reads `PORT: expected an integer from 0 to 65535, received "http"`. */
export class ConfigurationError extends Error {
  constructor(
    readonly variable: string,
    problem: string,
  ) {
    super(`${variable}: ${problem}`);
    this.name = new.target.name;
  }

  static expected(variable: string, expected: string, received: string): ConfigurationError {
    return new ConfigurationError(variable, `expected ${expected}, received ${JSON.stringify(received)}`);
  }
}

/**
 * Reads typed values from an environment. A variable that is missing, empty or blank counts as not given and reads as
 * `undefined`: that is what compose files make of an unset variable.
 *
 * Every method throws {@link ConfigurationError} for a text that does not say what was asked.
 */
export class EnvReader {
  constructor(private readonly env: Environment) {}

  text(variable: string): string | undefined {
    const text = this.env[variable]?.trim();
    return text === '' ? undefined : text;
  }

  integer(variable: string, min: number, max: number): number | undefined {
    return this.parse(variable, `an integer from ${min} to ${max}`, (text) => {
      const number = Number(text);
      return /^\d+$/.test(text) && number >= min && number <= max ? number : undefined;
    });
  }

  positiveNumber(variable: string, unit: string): number | undefined {
    return this.parse(variable, `a number of ${unit} > 0`, (text) => {
      const number = Number(text);
      return number > 0 && number < Infinity ? number : undefined;
    });
  }

  /** One of `values`, in any letter case. */
  oneOf<T extends string>(variable: string, values: readonly T[]): T | undefined {
    return this.parse(variable, `one of ${values.join(', ')}`, (text) =>
      values.find((value) => value === text.toLowerCase()),
    );
  }

  flag(variable: string): boolean | undefined {
    const answer = this.oneOf(variable, ['true', 'false']);
    return answer === undefined ? undefined : answer === 'true';
  }

  /** `read` answers `undefined`, or throws, where the text is none of what is `expected`. */
  parse<T>(variable: string, expected: string, read: (text: string) => T | undefined): T | undefined {
    const text = this.text(variable);
    if (text === undefined) return undefined;
    const value = read(text);
    if (value === undefined) throw ConfigurationError.expected(variable, expected, text);
    return value;
  }
}
