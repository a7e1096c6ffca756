import { behaveIn } from './behave-in'

behaveIn('firefox')
