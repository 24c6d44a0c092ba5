import js from '@eslint/js';
import tsPlugin from '@typescript-eslint/eslint-plugin';
import prettier from 'eslint-config-prettier';

const LIB = 'libs/enhanced-cache/src';

/** The arrows of docs/ARCHITECTURE.md: what each room of the library may not import. */
const rooms = {
  engine: ['redis', 'observability', 'http', 'nest', 'rest', 'dashboard'],
  redis: ['observability', 'http', 'nest', 'rest', 'dashboard'],
  observability: ['redis', 'http', 'nest', 'rest', 'dashboard'],
  http: ['redis', 'observability', 'nest', 'rest', 'dashboard'],
  keyv: ['redis', 'observability', 'http', 'nest', 'rest', 'dashboard'],
  nest: ['rest', 'dashboard'],
  'cache-manager': ['rest', 'dashboard'],
  rest: ['dashboard'],
};
const frameworks = ['@nestjs/*', 'rxjs', 'rxjs/*', 'reflect-metadata', 'express', 'fastify', 'passport*'];
const operatorPackages = [
  '@nestjs/swagger',
  '@nestjs/terminus',
  '@nestjs/passport',
  'passport*',
  'class-validator',
  'class-transformer',
];

const arrows = Object.entries(rooms).map(([room, above]) => ({
  files: [`${LIB}/${room}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: above.map((other) => `**/${other}/**`),
            message: `${room}/ must not reach up; see docs/ARCHITECTURE.md`,
          },
          ...(room === 'nest' || room === 'cache-manager'
            ? [
                {
                  group: operatorPackages,
                  message: `${room}/ is loaded by apps without these: only @nestjs/common and core`,
                },
              ]
            : room === 'rest'
              ? []
              : [{ group: frameworks, message: `${room}/ is framework-free` }]),
        ],
      },
    ],
  },
}));

/** @type {import('eslint').Linter.Config[]} */
const config = [
  { ignores: ['**/dist/**', 'coverage/**', '**/node_modules/**', '**/*.js', '!.eslintrc.js', '**/*.mjs', '**/*.cjs'] },
  js.configs.recommended,
  ...tsPlugin.configs['flat/recommended'],
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-undef': 'off',
      'no-empty': ['error', { allowEmptyCatch: false }],
      // A growth of one array has no step before its last.
      'require-yield': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  { files: ['**/*.spec.ts', '**/*.e2e-spec.ts'], rules: { '@typescript-eslint/no-explicit-any': 'off' } },
  ...arrows,
  prettier,
];
export default config;
