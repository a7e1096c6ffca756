import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

// What needs types to be seen: an unsafe any, a promise nobody waits for. Everything else is Biome's.
export default defineConfig({
  files: ['src/**/*.ts'],
  extends: [tseslint.configs.strictTypeChecked],
  languageOptions: { parserOptions: { projectService: true } },
})
