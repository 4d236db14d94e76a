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

/** The same call from Node, or anything that has `fetch`. */
export function asNode(draft: Draft, origin: string, apiKey: string): string {
  const json = JSON.stringify(contentOf(draft), null, 2).replaceAll('\n', '\n  ');
  return [
    `const response = await fetch('${origin}/v1/notifications', {`,
    "  method: 'POST',",
    '  headers: {',
    `    Authorization: 'Bearer ${apiKey}',`,
    "    'Content-Type': 'application/json',",
    "    'Idempotency-Key': crypto.randomUUID(), // the same one for a retry",
    '  },',
    `  body: JSON.stringify(${json}),`,
    '});',
    'if (!response.ok) throw new Error((await response.json()).detail);',
  ].join('\n');
}

function contentOf({ to, title, body, severity }: Draft): object {
  const channel = to === 'all' ? 'all' : `user:${to}`;
  const content = { to: channel, type: 'demo.message', title, severity };
  return body === null ? content : { ...content, body };
}
