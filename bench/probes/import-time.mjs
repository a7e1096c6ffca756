// All of them come beside axios, so that is loaded first.
await import('axios')
const begun = performance.now()
await import(process.argv[2])
console.log(JSON.stringify(performance.now() - begun))
