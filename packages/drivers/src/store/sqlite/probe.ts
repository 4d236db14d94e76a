import type { Writer } from './write-group.ts';

/** About what a large publish takes: less would fit where publishes no longer do. */
const BYTES = 65_536;

/**
 * Writes and deletes something in one go each, as a commit does.
 *
 * @throws what a commit would fail with.
 */
export function probe({ database, files }: Writer): null {
  database.statement("insert or replace into meta (key, value) values ('probe', ?)").run('x'.repeat(BYTES));
  database.statement("delete from meta where key = 'probe'").run();
  files.assert();
  return null;
}
