import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'dev-api-key';
const SHAPE = /^dev_[\w-]{32}$/;

/**
 * The demo's API key, the same at each start, so that a line that was copied goes on working. Readable for
 * its owner only.
 */
export async function keptKey(dataDir: string, makeSecret: () => string): Promise<string> {
  const path = join(dataDir, FILE);
  const kept = await readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => '',
  );
  if (SHAPE.test(kept)) return kept;
  const key = `dev_${makeSecret()}`;
  await mkdir(dataDir, { recursive: true });
  await writeFile(path, `${key}\n`, { mode: 0o600 });
  return key;
}
