import type { PageConfig, Person, TokenAnswer } from '../src/wire.ts';

export async function fetchConfig(): Promise<PageConfig> {
  return (await fetchJson('/demo/config')) as PageConfig;
}

/** A fresh token each time: they last five minutes, and the client asks again when one has run out. */
export async function fetchToken(user: Person): Promise<string> {
  return ((await fetchJson(`/demo/token?user=${user}`)) as TokenAnswer).token;
}

async function fetchJson(path: string): Promise<unknown> {
  const response = await fetch(path, { cache: 'no-store' });
  if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
  return response.json();
}
