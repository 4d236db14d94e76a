import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import type { Hono } from 'hono';

const CLIENT = new URL('../../../client/src/', import.meta.url);
const PROTOCOL = new URL('../../../protocol/src/', import.meta.url);
const FOLDERS: Record<string, URL> = {
  client: CLIENT,
  protocol: PROTOCOL,
};

const IMPORT_MAP = JSON.stringify({
  imports: {
    '@belfry/client': '/modules/client/index.ts',
    '@belfry/protocol': '/modules/protocol/index.ts',
  },
});

/** A page that loads the client as plain modules, straight from its source: no bundler and no build. */
export function servePage(app: Hono, script: string): void {
  app.get('/page', (c) =>
    c.html(`<!doctype html><title>Page</title><ul id="list"></ul>
<script type="importmap">${IMPORT_MAP}</script><script type="module">${script}</script>`),
  );
  app.get('/modules/:folder/:file{.+}', (c) => {
    const text = readFileSync(new URL(c.req.param('file'), FOLDERS[c.req.param('folder')]), 'utf8');
    const code = c.req.path.endsWith('.ts') ? stripTypeScriptTypes(text) : text;
    return c.body(code, 200, { 'content-type': 'text/javascript' });
  });
}
