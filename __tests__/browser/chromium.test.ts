import { behaveIn } from './behave-in'

behaveIn('chromium')
