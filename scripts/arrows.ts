// Fails when a file imports against the arrows of ARCHITECTURE.md, or in a circle.
import { workspaceGraph } from './arrows/sources.ts';
import { violations } from './arrows/violations.ts';

const graph = workspaceGraph();
const found = violations(graph);
for (const line of found) console.error(line);
console.log(`${graph.size} files, ${found.length} wrong imports`);
process.exitCode = found.length > 0 ? 1 : 0;
