import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PageFile {
  body: Buffer;
  type: string;
  /** Built with its content's hash in its name, so it never changes. */
  lasting: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  // The sources that the page links to.
  '.ts': 'text/plain; charset=utf-8',
  '.tsx': 'text/plain; charset=utf-8',
};

/** Where the build puts the page; the same path from `src` and from `dist`. */
const BUILT = fileURLToPath(new URL('../../dist/page/', import.meta.url));

/**
 * The built page by URL path, read once: what is not in the list is not served, whatever a path may look like.
 * Empty where the page has not been built.
 */
export function readPageFiles(folder: string = BUILT): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const name of namesIn(folder)) {
    const path = name === 'index.html' ? '/' : `/${name.replaceAll('\\', '/')}`;
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    files.set(path, { body: readFileSync(join(folder, name)), type, lasting: path.startsWith('/assets/') });
  }
  return files;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}
