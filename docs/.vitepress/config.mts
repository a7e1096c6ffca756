import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'

export default defineConfig({
  title: 'axios-auth-interceptors',
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  ignoreDeadLinks: true,
  themeConfig: { sidebar: [{ text: 'Playground', link: '/playground' }] },
  vite: {
    resolve: {
      alias: { 'axios-auth-interceptors': fileURLToPath(new URL('../../dist/index.js', import.meta.url)) },
    },
  },
})
