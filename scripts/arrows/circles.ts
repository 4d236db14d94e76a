import type { Graph } from './graph.ts';

/** Each group of files that import one another in a circle, types included, as one way round it. */
export function circles(graph: Graph): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const visit = (path: string, way: string[]): void => {
    const seenAt = way.indexOf(path);
    if (seenAt >= 0) found.push([...way.slice(seenAt), path]);
    if (seenAt >= 0 || done.has(path)) return;
    for (const { file } of graph.get(path)?.imports ?? []) if (file) visit(file, [...way, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}
