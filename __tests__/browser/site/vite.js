import axios from 'axios'
import * as library from 'axios-auth-interceptors'
import * as oauth from 'axios-auth-interceptors/oauth'
import { expose } from './in-page.js'

expose(axios, library, oauth)
