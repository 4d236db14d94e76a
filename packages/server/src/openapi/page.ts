import { createHash } from 'node:crypto';

interface Operation {
  summary: string;
  description: string;
  tags: string[];
  parameters: { name: string; in: string; required?: boolean; description?: string; schema?: unknown }[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: unknown }> }>;
}

interface Document {
  info: { title: string; version: string; description: string };
  paths: Record<string, Record<string, Operation>>;
}

/** The API's description as one page to read: no script, nothing from elsewhere. */
export function openApiPage(document: unknown): { html: string; contentSecurityPolicy: string } {
  const { info, paths } = document as Document;
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(info.title)} API</title><style>${STYLE}</style></head>
<body><main><h1>${escaped(info.title)} API <small>${escaped(info.version)}</small></h1>
<p>${escaped(info.description)} The same as <a href="/openapi.json">OpenAPI 3.1</a>. The stream's frames and events, error codes and a token's claims are in PROTOCOL.md, beside the source.</p>
${byTag(paths)
  .map(([tag, calls]) => `<h2>${escaped(tag)}</h2>${calls.join('')}`)
  .join('\n')}
</main></body></html>`;
  const styleHash = createHash('sha256').update(STYLE).digest('base64');
  return { html, contentSecurityPolicy: `default-src 'none'; style-src 'sha256-${styleHash}'` };
}

function byTag(paths: Document['paths']): [string, string[]][] {
  const tags = new Map<string, string[]>();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags[0] ?? '';
      tags.set(tag, [...(tags.get(tag) ?? []), call(method, path, operation)]);
    }
  }
  return [...tags];
}

function call(method: string, path: string, operation: Operation): string {
  return `<details><summary><b class="${method}">${method.toUpperCase()}</b> <code>${escaped(path)}</code> <span>${escaped(operation.summary)}</span></summary>
<p>${escaped(operation.description)}</p>${parameters(operation)}${body(operation)}${answers(operation)}</details>`;
}

function parameters({ parameters }: Operation): string {
  if (parameters.length === 0) return '';
  const rows = parameters.map(
    ({ name, in: where, required, description }) =>
      `<tr><td><code>${escaped(name)}</code></td><td>${where}${required === true ? ', required' : ''}</td><td>${escaped(description ?? '')}</td></tr>`,
  );
  return `<table>${rows.join('')}</table>`;
}

function body({ requestBody }: Operation): string {
  const schema = requestBody?.content['application/json']?.schema;
  return schema === undefined ? '' : `<h3>Body</h3>${fields(schema as Schema)}${json(schema)}`;
}

function answers({ responses }: Operation): string {
  return Object.entries(responses)
    .filter(([status]) => status !== 'default')
    .map(([status, { description, content }]) => {
      const schema = content?.['application/json']?.schema;
      return `<h3>${status} ${escaped(description)}</h3>${schema === undefined ? '' : json(schema)}`;
    })
    .join('');
}

interface Schema {
  properties?: Record<string, { description?: string }>;
  required?: string[];
}

/** The fields at a glance; the whole schema is folded below. */
function fields({ properties = {}, required = [] }: Schema): string {
  const rows = Object.entries(properties).map(
    ([name, { description = '' }]) =>
      `<tr><td><code>${escaped(name)}</code></td><td>${required.includes(name) ? 'required' : ''}</td><td>${escaped(description)}</td></tr>`,
  );
  return rows.length === 0 ? '' : `<table>${rows.join('')}</table>`;
}

function json(schema: unknown): string {
  return `<details><summary>JSON Schema</summary><pre>${escaped(JSON.stringify(schema, null, 2))}</pre></details>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0;background:light-dark(#fff,#14161a);color:light-dark(#1c2024,#e6e8eb)}
main{max-width:56rem;margin:0 auto;padding:2rem 1rem}h1 small{font-weight:400;opacity:.6}h2{margin-top:2.5rem}h3{font-size:1rem;margin-bottom:.25rem}
details{border:1px solid light-dark(#d9dee3,#30353c);border-radius:8px;margin:.5rem 0;padding:.5rem .75rem}summary{cursor:pointer;overflow-wrap:anywhere}
summary b{display:inline-block;min-width:4rem;font:600 .8rem ui-monospace,monospace}summary span{opacity:.75}
b.get{color:light-dark(#05603a,#5fd39b)}b.post{color:light-dark(#1849a9,#84b6ff)}b.delete{color:light-dark(#b42318,#ff9c92)}b.patch{color:light-dark(#93370d,#f7b27a)}
pre,table{overflow:auto;font-size:.85rem}pre{background:light-dark(#f5f7f9,#1c2026);padding:.75rem;border-radius:6px;max-height:24rem}td{padding:.2rem .75rem .2rem 0;vertical-align:top}a{color:light-dark(#1849a9,#84b6ff)}`;
