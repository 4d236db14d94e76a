import { Agent, request } from 'node:http';
import { BelfryError } from '@belfry/protocol';

const TIMEOUT_MS = 1_000;
const MOST_BYTES = 1_000_000;

/**
 * Looks whether another `belfry dev` has this address: a second one in the same folder would be told that its data
 * is in use, which is true and helps nobody.
 *
 * @throws BelfryError with one sentence where it has.
 */
export async function refuseSecond(address: string): Promise<void> {
  const text = await textAt(`${address}/demo/config`).catch(() => '');
  if (!isConfig(text)) return;
  throw new BelfryError(
    'unavailable',
    `belfry dev is already running here (${address}/). Open that page, or stop it first.`,
  );
}

function isConfig(text: string): boolean {
  try {
    const { run, control } = JSON.parse(text) as { run?: unknown; control?: unknown };
    return typeof run === 'string' && typeof control === 'object';
  } catch {
    return false;
  }
}

function textAt(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: new Agent(), timeout: TIMEOUT_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
        if (text.length > MOST_BYTES) asked.destroy(new Error('too long'));
      });
      response.on('end', () => resolve(text)).on('error', reject);
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer in time')));
    asked.on('error', reject).end();
  });
}
