import type { Theme } from 'vitepress'
import DefaultTheme from 'vitepress/theme'
import './colours.css'
import './front.css'
import './pages.css'
import './reference.css'
import './diagram.css'
import FrontActions from './FrontActions.vue'
import FrontFigures from './FrontFigures.vue'

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('FrontActions', FrontActions)
    app.component('FrontFigures', FrontFigures)
  },
} satisfies Theme
