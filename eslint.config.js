import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Folders whose results must be the same every time: neither chance nor the time of day may enter. */
const DETERMINISTIC = ['core', 'model', 'suites', 'plan', 'train', 'stats'];

const NO_CHANCE = [
  { object: 'Math', property: 'random', message: 'Randomness is an argument: take a stream of src/core/random.ts.' },
];
const NO_CLOCK = ['Date', 'performance'].map((object) => ({
  object,
  property: 'now',
  message: 'Time is an argument here: take a `now` from the caller.',
}));

export default defineConfig(
  // AssemblyScript is no TypeScript: decorators on functions, and types of its own.
  globalIgnores(['dist/', 'build/', 'coverage/', 'results/', 'reference/', 'assembly/']),
  {
    files: ['**/*.{js,ts}'],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-param-reassign': 'error',
      'no-restricted-properties': ['error', ...NO_CHANCE],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only, but for commands and hooks of oclif.' },
      ],
      'no-undef': 'off', // TypeScript knows better.
      'object-shorthand': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],

      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/require-await': 'off', // An async function without await turns what it throws into a rejection.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `array[i] as number` is a statement about a bound; `array[i]!` says nothing, and is forbidden.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // tfjs hands out subclasses where it declares the base class with private fields.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  {
    files: [`src/{${DETERMINISTIC.join(',')}}/**/*.ts`],
    rules: { 'no-restricted-properties': ['error', ...NO_CHANCE, ...NO_CLOCK] },
  },
  {
    files: ['src/commands/**/*.ts', 'src/cli/command-not-found.ts', 'src/cli/help.ts', '*.config.{js,ts}'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off', // expect.any() and its like are any.
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'vitest', importNames: ['it'], message: 'One name for one thing: `test`.' }] },
      ],
    },
  },
  { files: ['**/*.js'], extends: [tseslint.configs.disableTypeChecked] },
);
