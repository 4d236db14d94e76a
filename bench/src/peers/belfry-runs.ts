import { API_KEY } from './belfry-secrets.ts';
import { bearer } from './belfry-token.ts';
import { getStream, postJson } from './http.ts';
import type { Address, RunWire } from './peer.ts';

const KEY_HEADER = `authorization: Bearer ${API_KEY}`;

export const belfryRuns: RunWire = {
  begin: beginRun,
  following: (run) => ({
    stream: (user) => getStream(`/v1/runs/${run}/stream`, [bearer(user)]),
    ready: 'event: snapshot\n',
  }),
  log: (run, lines) => {
    const body = `{"lines":[${lines.map((text) => `{"text":"${text}","level":"info"}`).join()}]}`;
    return postJson(`/v1/runs/${run}/logs`, body, [KEY_HEADER]);
  },
};

async function beginRun({ host, port }: Address): Promise<string> {
  const answer = await fetch(`http://${host}:${port}/v1/runs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ to: 'all', kind: 'test-run', title: 'Nightly' }),
  });
  if (answer.status !== 201) throw new Error(`A run was refused: ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
}
