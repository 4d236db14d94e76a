import { parseSync, Visitor } from 'oxc-parser';

export interface Imports {
  /** Every module the file names, each once: imported, re-exported, loaded later or only asked for its types. */
  readonly modules: readonly string[];
  /** Whether it has an `export *`, which hides what a module's face is. */
  readonly exportsStar: boolean;
}

/** What a TypeScript source imports. */
export function importsOf(file: string, source: string): Imports {
  const { module, program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0]?.message}`);
  const reexports = module.staticExports.flatMap(({ entries }) => entries);
  const modules = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...reexports.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ...laterImports(program),
  ];
  return {
    modules: [...new Set(modules)],
    exportsStar: reexports.some(({ importName }) => importName.kind === 'AllButDefault'),
  };
}

/** `import('…')`, as a value and as a type. */
function laterImports(program: Parameters<Visitor['visit']>[0]): string[] {
  const found: string[] = [];
  const note = ({ source }: { source: { type: string; value?: unknown } }) => {
    if (typeof source.value === 'string') found.push(source.value);
  };
  new Visitor({ ImportExpression: note, TSImportType: note }).visit(program);
  return found;
}
