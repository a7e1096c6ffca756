import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

// What needs types to be seen: an unsafe any, a promise nobody waits for. Everything else is Biome's.
export default defineConfig({
  files: ['src/**/*.ts'],
  extends: [tseslint.configs.strictTypeChecked],
  languageOptions: { parserOptions: { projectService: true } },
  rules: {
    // A number in a message reads as it is meant to.
    '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    // `() => budget.spend(now)` says no more and no less than the same in braces.
    '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  },
})
