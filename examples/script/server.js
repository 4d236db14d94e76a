// Serves the page, the modules that its import map names, and a token for whoever is signed in: always user 42 here.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { tokenFor } from './token.js';

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8' };
const url = process.env.BELFRY_URL ?? 'http://127.0.0.1:4400';

createServer(async ({ url: path = '/' }, response) => {
  if (path === '/belfry-token') return response.end(tokenFor('42'));
  if (path === '/config.json') return response.end(JSON.stringify({ url }));
  const name = path === '/' ? 'index.html' : normalize(new URL(path, 'http://localhost').pathname);
  const type = TYPES[extname(name)];
  const file = type && (await readFile(join(import.meta.dirname, name)).catch(() => undefined));
  if (!file) return response.writeHead(404).end();
  response.setHeader('Content-Type', type).end(file);
}).listen(Number(process.env.PORT ?? 5175), '127.0.0.1');
