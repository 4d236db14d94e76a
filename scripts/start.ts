// `npm start`: builds what changed, then becomes `belfry dev`. The same process, so signals and exit code are its own;
// package.json says `exec`, since the shell that npm puts between would die of a signal and leave this behind.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './workspace/packages.ts';

const bin = join(root, 'packages', 'cli', 'bin', 'belfry.js');
process.argv.splice(1, 1, bin, 'dev');
await import(pathToFileURL(bin).href);
