// The TypeScript compiler, as a function.
import ts from 'typescript'

const OPTIONS = {
  noEmit: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.asynciterable.d.ts'], types: []
}

/** What the compiler complains of in these files, and in those that they import. */
export function complaints(files, options) {
  const program = ts.createProgram(files, {...OPTIONS, ...options})
  return ts.getPreEmitDiagnostics(program)
    .map(each => `${each.file?.fileName ?? ''}:${each.start}: ${ts.flattenDiagnosticMessageText(each.messageText, ' ')}`)
}

/** How imports without an ending are found, as generated programs have them. */
export const BUNDLED = {strict: true, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler}
