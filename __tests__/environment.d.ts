/** Loads a package that is ESM only with Node's own `import()`: see environment.cjs. */
declare function nativeImport<Module>(specifier: string): Promise<Module>
