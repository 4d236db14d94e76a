import { readFile } from 'node:fs/promises';

/** A request, as the server got it. */
export interface Seen {
  /** `GET /v1/stream` */
  call: string;
  search: string;
  /** Null: not a person. */
  user: string | null;
}

/** All that the server got, over all of its lives. */
export async function seenIn(file: string): Promise<Seen[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Seen);
}
