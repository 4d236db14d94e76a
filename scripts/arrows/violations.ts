import { circles } from './circles.ts';
import type { Graph, SourceFile } from './graph.ts';
import { lightEntries, type Room, roomFolders, rooms } from './rules.ts';

/** Every break of the rules about who may import what, as sentences. None: the shape holds. */
export function violations(graph: Graph): string[] {
  const files = [...graph.values()];
  const found = [
    ...files.flatMap((file) => againstTheArrows(file, graph)),
    ...files.flatMap(badManners),
    ...files.flatMap((file) => forbiddenReach(file, graph)),
    ...circles(graph).map((way) => `circle: ${way.join(' → ')}`),
  ];
  return [...new Set(found)];
}

function againstTheArrows(file: SourceFile, graph: Graph): string[] {
  const from = roomName(file);
  const room = rooms[from];
  if (!room) return [`${file.path}: ${from} has no line in scripts/arrows/rules.ts`];
  return file.imports.flatMap(({ file: path }) => {
    const target = path === undefined ? undefined : graph.get(path);
    if (!target || mayEnter(from, room, roomName(target))) return [];
    return [`${file.path} imports ${target.path}, but ${from} may not import ${roomName(target)}`];
  });
}

function mayEnter(from: string, room: Room, to: string): boolean {
  return from === to || room.mayImport.includes(to) || room.mayImport.includes('*');
}

/** Ways of importing that are wrong wherever they lead. */
function badManners({ path, imports, exportsStar }: SourceFile): string[] {
  const folder = path.split('/').slice(0, 2).join('/');
  const astray = imports.filter(({ name, file }) => name.startsWith('.') && !file?.startsWith(`${folder}/`));
  const deep = imports.filter(({ name, file }) => /^(@belfry|belfry)\//.test(name) && file === undefined);
  return [
    ...(exportsStar ? [`${path} has an \`export *\`: name what it exports`] : []),
    ...astray.map(({ name }) => `${path} imports ${name}, out of its package: import the other package by its name`),
    ...deep.map(({ name }) => `${path} imports ${name}, which is no entry of that package`),
  ];
}

function forbiddenReach(file: SourceFile, graph: Graph): string[] {
  const from = roomName(file);
  const light = lightEntries[file.path];
  return reached(file, graph).flatMap(({ name, by }) => [
    ...(isAmong(name, rooms[from]?.neverReaches) ? [`${from} must not reach ${name}, which ${by} imports`] : []),
    ...(isAmong(name, light) ? [`${file.path} must not reach ${name}, which ${by} imports`] : []),
  ]);
}

/** Libraries that loading the file loads, each with the file that names it. */
function reached(start: SourceFile, graph: Graph): { name: string; by: string }[] {
  const seen = new Set([start.path]);
  for (const path of seen) for (const { file } of graph.get(path)?.imports ?? []) if (file) seen.add(file);
  return [...seen].flatMap((by) =>
    (graph.get(by)?.imports ?? []).flatMap(({ name, file }) => (file === undefined ? [{ name, by }] : [])),
  );
}

function isAmong(name: string, forbidden: readonly string[] = []): boolean {
  return forbidden.some((one) => name === one || name.startsWith(one.endsWith(':') ? one : `${one}/`));
}

function roomName(file: SourceFile): string {
  return roomFolders.find(({ folder }) => file.path.startsWith(folder))?.room ?? file.owner;
}
