/** One codec in its process, with one kind of value. */
import { isDeepStrictEqual } from 'node:util';
import v8 from 'node:v8';
import { codecs } from './codecs.mjs';
import { instancesOf, KINDS } from './kinds.mjs';

/** @param {{ kind: string }} setting */
export async function open(name, setting) {
  const kind = KINDS.find((other) => other.name === setting.kind);
  const codec = await codecs.find((other) => other.name === name).for(kind.form);
  if (!codec) return { begin: () => undefined };
  const values = instancesOf(kind);
  const stored = values.map((value) => codec.encode(value));
  values.forEach((value, i) => {
    if (!isDeepStrictEqual(codec.decode(stored[i]), value)) throw new Error(`does not bring back a ${kind.name}`);
  });
  const originalBytes = sum(values.map((value) => originalSize(value, kind.form)));
  return {
    facts: { ratio: codec.sizeOf ? sum(stored.map(codec.sizeOf)) / originalBytes : null },
    begin: (operation) => (operation === 'encode' ? looping(codec.encode, values) : looping(codec.decode, stored)),
  };
}

/** The last result is kept, so that none can be left out. */
function looping(work, inputs) {
  let at = 0;
  let last;
  return {
    run(times) {
      for (let i = 0; i < times; i++) {
        last = work(inputs[at]);
        if (++at === inputs.length) at = 0;
      }
      if (last === undefined) throw new Error('nothing came out');
    },
  };
}

/** Bytes of the plain form: JSON, a character or a byte each, what `v8.serialize` makes of the rest. */
function originalSize(value, form) {
  switch (form) {
    case 'json':
      return Buffer.byteLength(JSON.stringify(value));
    case 'text':
    case 'bytes':
      return value.length;
    case 'structured':
      return v8.serialize(value).length;
  }
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
