// The first script of each page: takes note of all that must not happen there.
globalThis.faults = []

addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
  faults.push(`${effectiveDirective} forbids ${blockedURI}`)
})
addEventListener('unhandledrejection', ({ reason }) => {
  faults.push(`unhandled rejection: ${reason}`)
})
addEventListener('error', ({ message }) => {
  faults.push(`uncaught: ${message}`)
})
for (const level of ['error', 'warn']) {
  const print = console[level]
  console[level] = (...words) => {
    faults.push(`console.${level}: ${words.map(String).join(' ')}`)
    print.apply(console, words)
  }
}
