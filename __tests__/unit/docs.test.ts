import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import ts from 'typescript'
import * as library from '#lib'
import { writtenPages } from '../support/written-pages'
import { readMarkdown } from './markdown'

const root = resolve(__dirname, '../..')
const files = ['README.md', ...writtenPages()]
const pages = new Map(files.map((file) => [file, readMarkdown(join(root, file))]))

// What the examples use without making it, so that they stay short.
const PRELUDE = `
declare const CLIENT_ID: string
declare const CLIENT_SECRET: string
declare const API_KEY: string
declare const PASSWORD: string
declare const issuer: import('axios').AxiosInstance
declare const api: import('axios').AxiosInstance
declare const source: import('axios-auth-interceptors').TokenSource
declare const store: { load(): Promise<string>; save(token: string): Promise<void> }
declare const tokenStore: { load(): Promise<import('axios-auth-interceptors').TokenValue | undefined> }
declare function log(...words: unknown[]): void
declare function signInAgain(): void
`
const PRELUDE_FILE = join(root, 'docs/prelude.d.ts')

/** A block as a module of its own; the file exists in memory only. */
interface Snippet {
  readonly file: string
  readonly path: string
  readonly line: number
  readonly code: string
}

// A block that shows a file is compiled and run as that file, with what it imports.
const snippets: Snippet[] = [...pages].flatMap(([file, { blocks }]) =>
  blocks
    .filter(({ language, file }) => language === 'ts' && file === undefined)
    .map(({ line, code }) => ({ file, line, code, path: join(root, `${file}.${line}.ts`) })),
)
const snippetsOf = (file: string): Snippet[] => snippets.filter((snippet) => snippet.file === file)

let program: ts.Program

beforeAll(() => {
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: ['node'],
    paths: {
      'axios-auth-interceptors': [join(root, 'src/index.ts')],
      'axios-auth-interceptors/jsonpath': [join(root, 'src/jsonpath.ts')],
      'axios-auth-interceptors/oauth': [join(root, 'src/oauth/index.ts')],
    },
    skipLibCheck: true,
    noEmit: true,
  }
  const host = ts.createCompilerHost(options)
  const inMemory = new Map([
    [PRELUDE_FILE, PRELUDE],
    ...snippets.map(({ path, code }): [string, string] => [path, code]),
  ])
  const { fileExists, readFile, getSourceFile } = host
  host.getCurrentDirectory = () => root
  host.fileExists = (path) => inMemory.has(path) || fileExists(path)
  host.readFile = (path) => inMemory.get(path) ?? readFile(path)
  host.getSourceFile = (path, languageVersion, ...rest) => {
    const text = inMemory.get(path)
    if (text === undefined) return getSourceFile(path, languageVersion, ...rest)
    return ts.createSourceFile(path, text, languageVersion)
  }
  program = ts.createProgram([...inMemory.keys()], options, host)
}, 60_000)

/** What TypeScript says of a snippet, at the line of the page where it stands. */
function faultsIn({ file, path, line }: Snippet): string[] {
  const module = program.getSourceFile(path)
  const diagnostics = [...program.getSyntacticDiagnostics(module), ...program.getSemanticDiagnostics(module)]
  return diagnostics.map(({ start = 0, code, messageText }) => {
    const at = line + (module?.getLineAndCharacterOfPosition(start).line ?? 0)
    return `${file}:${at} TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
}

/** The names of the prelude that a snippet uses. */
function borrowedBy({ path }: Snippet): Set<string> {
  const checker = program.getTypeChecker()
  const names = new Set<string>()
  const visit = (node: ts.Node): void => {
    const [declaration] = (ts.isIdentifier(node) && checker.getSymbolAtLocation(node)?.declarations) || []
    if (declaration?.getSourceFile().fileName === PRELUDE_FILE) names.add(node.getText())
    ts.forEachChild(node, visit)
  }
  const module = program.getSourceFile(path)
  if (module) visit(module)
  return names
}

describe('the examples of the documentation', () => {
  const tested = files
    .filter((file) => snippetsOf(file).length > 0)
    .map((file): [string, string] => [
      file,
      snippetsOf(file)
        .map(({ line }) => line)
        .join(', '),
    ])

  it.each(tested)(
    'compile: %s, lines %s',
    (file) => {
      expect(snippetsOf(file).flatMap(faultsIn)).toEqual([])
    },
    60_000,
  )

  it('begin with one that is whole but for the id and secret of the client', () => {
    const first = snippetsOf('README.md')[0] as Snippet
    expect([...borrowedBy(first)].sort()).toEqual(['CLIENT_ID', 'CLIENT_SECRET'])
    expect(first.line + first.code.split('\n').length).toBeLessThan(25)
  })

  it('use every name that is declared for them', () => {
    const used = new Set(snippets.flatMap((snippet) => [...borrowedBy(snippet)]))
    const declared = [...PRELUDE.matchAll(/^declare (?:const|function) (\w+)/gm)].map(([, name]) => name)
    expect(declared.filter((name) => !used.has(name as string))).toEqual([])
  })
})

describe('the links of the documentation', () => {
  it.each(files)('lead somewhere: %s', (file) => {
    const broken = pages.get(file)?.links.filter(({ path, anchor }) => {
      const target = path === '' ? join(root, file) : resolve(root, dirname(file), path)
      if (!existsSync(target)) return true
      return anchor !== undefined && !readMarkdown(target).anchors.includes(anchor)
    })
    expect(broken?.map(({ line, path, anchor = '' }) => `${file}:${line} ${path}#${anchor}`)).toEqual([])
  })
})

describe('docs/api.md', () => {
  it('has a heading for every value that the library exports', () => {
    const { anchors = [] } = pages.get('docs/api.md') ?? {}
    const missing = Object.keys(library).filter((name) => !anchors.includes(name.toLowerCase()))
    expect(missing).toEqual([])
  })

  it('mentions every type that the library exports', () => {
    const checker = program.getTypeChecker()
    const index = program.getSourceFile(join(root, 'src/index.ts')) as ts.SourceFile
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(index) as ts.Symbol)
    const text = readFileSync(join(root, 'docs/api.md'), 'utf8')
    const missing = exported.map(({ name }) => name).filter((name) => !new RegExp(`\\b${name}\\b`).test(text))
    expect(missing).toEqual([])
  })
})
