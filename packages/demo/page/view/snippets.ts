import type { Draft } from '../../src/wire.ts';

/** The same call as a line for a terminal. */
export function asCurl(draft: Draft, origin: string, apiKey: string): string {
  const json = JSON.stringify(contentOf(draft)).replaceAll("'", "'\\''");
  return [
    `curl ${origin}/v1/notifications \\`,
    `  -H 'Authorization: Bearer ${apiKey}' \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '${json}'`,
  ].join('\n');
}

/** The same call from Node, with the client. */
export function asNode(draft: Draft, origin: string, apiKey: string): string {
  const lines = Object.entries(contentOf(draft)).map(([name, value]) => `  ${name}: ${quoted(String(value))},`);
  return [
    "import { createPublisher } from '@belfry/client/publisher';",
    '',
    'const belfry = createPublisher({',
    `  url: ${quoted(origin)},`,
    `  apiKey: ${quoted(apiKey)},`,
    '});',
    'await belfry.notify({',
    ...lines,
    '});',
  ].join('\n');
}

/** A text as JavaScript, in single quotes. */
function quoted(text: string): string {
  const inside = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inside}'`;
}

function contentOf({ to, title, body, severity }: Draft): object {
  const channel = to === 'all' ? 'all' : `user:${to}`;
  const content = { to: channel, type: 'demo.message', title, severity };
  return body === null ? content : { ...content, body };
}
