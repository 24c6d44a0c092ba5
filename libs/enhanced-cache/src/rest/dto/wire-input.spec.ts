import { BadRequestException } from '@nestjs/common';
import { Field, integerBetween, optional, text } from './field.js';
import { readFields, unknownFields } from './wire-input.js';

class Dto {
  @Field(text)
  name: string;
  @Field(optional(integerBetween(1, 3)))
  count?: number;
}
class EmptyDto {}

function problems(input: unknown, dto: new () => object = Dto): unknown {
  try {
    readFields(dto, input, 'body');
    return [];
  } catch (error) {
    return ((error as BadRequestException).getResponse() as { message: string[] }).message;
  }
}

describe('readFields', () => {
  it('makes an instance with the fields as they came', () => {
    const read = readFields(Dto, { name: 'a', count: 2 }, 'body');
    expect(read).toBeInstanceOf(Dto);
    expect(read).toEqual({ name: 'a', count: 2 });
  });

  it('hands values on without a copy', () => {
    class AnyDto {
      @Field(() => undefined)
      value: unknown;
    }
    const value = { constructor: 1 };
    expect(readFields(AnyDto, { value }, 'body').value).toBe(value);
  });

  it('takes no body for one without fields', () => {
    expect(problems(undefined, EmptyDto)).toEqual([]);
    expect(problems(undefined)).toEqual(['name: expected a non-empty string, received undefined']);
  });

  it.each<[unknown, string]>([
    [null, 'body: expected a JSON object, received null'],
    [[], 'body: expected a JSON object, received an array of 0'],
    ['text', 'body: expected a JSON object, received "text"'],
    [{ name: 'a', other: 1 }, 'other: no field of that name (known: name, count)'],
    [{ name: 'a', constructor: 1 }, 'constructor: no field of that name (known: name, count)'],
    [{ name: 'a', toString: 1 }, 'toString: no field of that name (known: name, count)'],
    [JSON.parse('{"name":"a","__proto__":{"count":1}}'), '__proto__: no field of that name (known: name, count)'],
  ])('refuses %j', (input, sentence) => {
    expect(problems(input)).toEqual([sentence]);
  });

  it('tells all that is wrong', () => {
    expect(problems({ count: 4 })).toEqual([
      'name: expected a non-empty string, received undefined',
      'count: expected an integer from 1 to 3, received 4',
    ]);
  });

  it('takes queries, which some parsers make without a prototype', () => {
    expect(problems(Object.assign(Object.create(null), { name: 'a' }))).toEqual([]);
  });
});

describe('unknownFields', () => {
  it('names where the field stands', () => {
    expect(unknownFields(Dto, { nmae: 1 }, 'entries[2].')[0]).toMatch(/^entries\[2\]\.nmae: no field/);
    expect(unknownFields(EmptyDto, { a: 1 })).toEqual(['a: no field of that name (known: none)']);
  });
});
