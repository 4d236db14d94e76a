import type { Connection } from './connection.ts';

const MAX_KEPT = 50_000;

const FIND = 'select id from logs where tenant = $1';
const MAKE = 'insert into logs (tenant) values ($1) on conflict do nothing returning id';

/** The numbers of logs, which never change: a tenant's first write makes its log, in a step of its own. */
export class LogIds {
  readonly #ids = new Map<string, number>();

  async of(connection: Connection, tenant: string): Promise<number> {
    const known = this.#ids.get(tenant);
    if (known !== undefined) return known;
    return this.#keep(tenant, await findOrMakeLog(connection, tenant));
  }

  /** Of a log that something else must have made. */
  async find(connection: Connection, name: string): Promise<number | undefined> {
    const known = this.#ids.get(name);
    const id = known ?? (await ask(connection, FIND, name));
    return id === undefined || id === known ? id : this.#keep(name, id);
  }

  /** After a connection was lost: it may be another database that answers next. */
  forget(): void {
    this.#ids.clear();
  }

  #keep(tenant: string, id: number): number {
    if (this.#ids.size >= MAX_KEPT) this.#ids.clear();
    this.#ids.set(tenant, id);
    return id;
  }
}

/** Another process may make it between the questions. */
export async function findOrMakeLog(connection: Connection, tenant: string): Promise<number> {
  const id = (await ask(connection, FIND, tenant)) ?? (await ask(connection, MAKE, tenant));
  return id ?? ((await ask(connection, FIND, tenant)) as number);
}

async function ask(connection: Connection, text: string, tenant: string): Promise<number | undefined> {
  return (await connection.query(text, [tenant])).rows[0]?.id as number | undefined;
}
