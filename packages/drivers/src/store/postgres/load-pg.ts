import { BelfryError } from '@belfry/protocol';

export type Pg = typeof import('pg');

/** The driver is an optional peer: who stays with SQLite needs none. */
export async function loadPg(): Promise<Pg> {
  try {
    return await import('pg');
  } catch (error) {
    throw new BelfryError(
      'unavailable',
      'Belfry needs the package pg to speak to Postgres, and it is not installed. Install it: npm install pg@8',
      { cause: error },
    );
  }
}
