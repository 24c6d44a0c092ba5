const NDJSON = { 'Content-Type': 'application/x-ndjson' };

/**
 * The routes that change, measure, empty and refill the cache; fields as in entry-routes.mjs. `during` is sent a moment
 * earlier and is still running when the step itself is sent.
 *
 * @param {{ exported: () => string, exportedLines: () => string }} earlier answers that are sent back
 */
export function operatorRoutes({ exported, exportedLines }) {
  return [
    {
      name: 'Configure',
      method: 'POST',
      path: '/configure',
      scope: 'admin',
      steps: [
        { title: 'On the running cache', body: { max_size: 5000, eviction_policy: 'lru', compression_level: 'FAST' } },
        { title: 'Bad input: all or nothing', body: { max_size: 100, eviction_policy: 'fifo' }, expect: 400 },
      ],
    },
    {
      name: 'Benchmark',
      method: 'POST',
      path: '/benchmark',
      scope: 'admin',
      steps: [
        { title: 'On a scratch cache of the same configuration', body: { iterations: 1000 } },
        {
          title: 'A second one while one runs',
          body: { iterations: 1000 },
          expect: 409,
          during: { title: '', body: { iterations: 100_000 } },
        },
        { title: 'Bad input: too many iterations', body: { iterations: 100_001 }, expect: 400 },
      ],
    },
    {
      name: 'Clear',
      method: 'POST',
      path: '/clear',
      scope: 'admin',
      steps: [{ title: 'Everything that is left' }],
    },
    {
      name: 'Import',
      method: 'POST',
      path: '/import',
      scope: 'admin',
      steps: [
        {
          title: 'The export with values of before',
          raw: exported,
          shownBody: '<the document of the export with values>',
        },
        {
          title: 'The same from lines',
          raw: exportedLines,
          headers: NDJSON,
          shownBody: '<the lines of the export with values>',
        },
        { title: 'Bad input: no export, and nothing is changed', body: { entries: 'none' }, expect: 400 },
      ],
    },
  ];
}
