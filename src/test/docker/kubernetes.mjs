// Checks docker/kubernetes.yaml against Kubernetes's own schema, as types: each object must have all that is required, and nothing that
// is unknown, down to the last field.
import {readFileSync, writeFileSync} from 'node:fs'
import {loadAll} from 'js-yaml'
import ts from 'typescript'

const [file, folder] = process.argv.slice(2)
const objects = loadAll(readFileSync(file, 'utf8'))
const source = `${folder}/kubernetes.ts`
writeFileSync(source, objects.map((object, i) =>
  `import type {I${object.kind} as T${i}} from 'kubernetes-models/${object.apiVersion}/${object.kind}'\n` +
  `export const object${i}: T${i} = ${JSON.stringify(object, null, 1)}\n`).join(''))
const program = ts.createProgram([source], {strict: true, noEmit: true, skipLibCheck: true, module: ts.ModuleKind.NodeNext})
const faults = ts.getPreEmitDiagnostics(program).map(fault => ts.flattenDiagnosticMessageText(fault.messageText, ' '))
console.log(faults.length ? faults.join('\n') : `${objects.map(object => object.kind).join(', ')}`)
process.exit(faults.length)
