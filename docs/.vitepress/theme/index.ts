import type { Theme } from 'vitepress'
import DefaultTheme from 'vitepress/theme'
import './colours.css'
import './front.css'
import './pages.css'
import './reference.css'
import './diagram.css'
import FrontActions from './FrontActions.vue'
import FrontFigures from './FrontFigures.vue'
import Playground from './playground/components/Playground.vue'

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('FrontActions', FrontActions)
    app.component('FrontFigures', FrontFigures)
    app.component('Playground', Playground)
  },
} satisfies Theme
