import { answerSchema, errorSchema } from './schema.js';

describe('answerSchema', () => {
  it('requires all fields but those that are there sometimes, and shows one example', () => {
    const schema = answerSchema(
      { count: ['integer', 'How many.', 5], until: ['string?', 'When.', null] },
      { extra: ['any', 'Anything.', 1] },
    );
    expect(schema).toEqual({
      type: 'object',
      required: ['count', 'until'],
      properties: {
        count: { type: 'integer', description: 'How many.', example: 5 },
        until: { type: 'string', nullable: true, description: 'When.', example: null },
        extra: { description: 'Anything.', example: 1 },
      },
      example: { count: 5, until: null },
    });
  });

  it('says of lists and objects that they may hold anything', () => {
    const { properties } = answerSchema({ list: ['array', '', []], map: ['object', '', {}] });
    expect(properties).toMatchObject({ list: { items: {} }, map: { additionalProperties: true } });
  });
});

describe('errorSchema', () => {
  it(`has the shape of Nest's errors`, () => {
    expect(errorSchema(409, 'busy').example).toEqual({ statusCode: 409, message: 'busy', error: 'Conflict' });
  });
});
