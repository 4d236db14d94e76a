import { createHash } from 'node:crypto';
import type { Connection } from './connection.ts';

const DATABASE = 'select oid::text as place from pg_database where datname = current_database()';
const SERVER = 'select system_identifier::text as place from pg_control_system()';

/**
 * The epoch, and what tells a dump or a clone from its original: server and database. A standby that takes over is the
 * same place. Who may not ask for the server's name has the database's alone.
 */
export async function placeOf(connection: Connection, epoch: string): Promise<string> {
  const parts = [await ask(connection, DATABASE), await ask(connection, SERVER).catch(() => '')];
  return epoch + createHash('sha256').update(parts.join(' ')).digest('hex').slice(0, 10);
}

async function ask(connection: Connection, question: string): Promise<string> {
  const { rows } = await connection.query(question);
  return String(rows[0]?.place);
}
