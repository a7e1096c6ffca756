import { expose } from './in-page.js'

expose(globalThis.axios, globalThis.axiosAuthInterceptors)
