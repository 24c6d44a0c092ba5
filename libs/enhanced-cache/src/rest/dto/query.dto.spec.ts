import { ExportQuery, KeyQuery, ListEntriesQuery, toExportOptions, toListOptions } from './query.dto.js';
import { readFields } from './wire-input.js';

describe('queries', () => {
  it('become options of the engine', () => {
    expect(toListOptions(readFields(ListEntriesQuery, { prefix: '', limit: '20', cursor: 'a' }, 'query'))).toEqual({
      prefix: '',
      limit: 20,
      cursor: 'a',
    });
    expect(toListOptions(readFields(ListEntriesQuery, {}, 'query'))).not.toHaveProperty('limit');
    expect(toExportOptions(readFields(ExportQuery, { values: 'true', format: 'ndjson' }, 'query'))).toEqual({
      values: true,
      format: 'ndjson',
    });
    expect(toExportOptions(readFields(ExportQuery, { values: 'false' }, 'query'))).toEqual({ values: false });
  });

  it.each<[new () => object, object]>([
    [KeyQuery, {}],
    [KeyQuery, { key: ['a', 'b'] }],
    [ListEntriesQuery, { prefix: ['a'] }],
    [ListEntriesQuery, { limit: '1001' }],
    [ExportQuery, { values: '1' }],
    [ExportQuery, { format: 'xml' }],
  ])('refuse what cannot be meant (case %#)', (dto, query) => {
    expect(() => readFields(dto, query, 'query')).toThrow(expect.objectContaining({ status: 400 }));
  });
});
