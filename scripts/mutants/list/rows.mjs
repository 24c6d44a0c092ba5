const ROW = 'codec/row.ts';
const LAYOUTS = 'codec/known-layouts.ts';
const ROWS = ['codec/(row|known-layouts)'];

/** What goes wrong where small values are kept without the names of their fields. */
export const rows = [
  {
    name: 'an object that is met twice makes a row of two',
    file: ROW,
    find: 'if (this.#met[i] === object) return false;',
    replace: 'if (this.#met[i] === object) break;',
    specs: ROWS,
  },
  {
    name: 'fields under symbols are left out',
    file: ROW,
    find: 'if (Object.getOwnPropertySymbols(fields).length > 0) return false;',
    replace: '',
    specs: ROWS,
  },
  {
    name: '-0 loses its sign',
    file: ROW,
    find: 'if (value - value !== 0 || (value === 0 && 1 / value < 0)) return false;',
    replace: 'if (value - value !== 0) return false;',
    specs: ['codec/copy.codec', ...ROWS],
  },
  {
    name: 'fields of arrays are left out',
    file: ROW,
    find: 'if (length > MAX_ELEMENTS || Object.keys(array).length !== length) return false;',
    replace: 'if (length > MAX_ELEMENTS) return false;',
    specs: ROWS,
  },
  {
    name: 'texts in rows keep what they were cut out of',
    file: ROW,
    find: 'this.#parts.push(value.length < MIN_SHARED_STRING_LENGTH ? value : flattenString(value));',
    replace: 'this.#parts.push(value);',
    specs: ROWS,
  },
  {
    name: 'an accessor that comes back writes into the row of the first',
    file: ROW,
    find: 'return this.#count > 0;',
    replace: 'return false;',
    specs: ROWS,
  },
  {
    name: 'what was begun stays when a row fails',
    file: ROW,
    find: 'this.#parts.length = 0;',
    replace: '',
    specs: ROWS,
  },
  {
    name: 'names that are data are known at once',
    file: LAYOUTS,
    find: 'if (times >= this.#enough) {',
    replace: 'if (times >= 1) {',
    specs: ROWS,
  },
  {
    name: 'names that are data come in again and again',
    file: LAYOUTS,
    find: 'this.#enough *= 2;',
    replace: '',
    specs: ROWS,
  },
  {
    name: 'a field __proto__ is one like others',
    file: LAYOUTS,
    find: 'if (names.every(isFieldName)) this.#learn(names, object);',
    replace: 'this.#learn(names, object);',
    specs: ROWS,
  },
];
