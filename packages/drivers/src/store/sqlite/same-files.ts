import { statSync } from 'node:fs';
import { unavailable } from './failures.ts';

/**
 * Tells when database files are no longer where they were opened: their folder was deleted, moved or replaced. SQLite
 * would go on with files that nobody will ever find again. To be asked each time before anything is answered: it costs
 * a few microseconds a file.
 */
export class SameFiles {
  readonly #paths: readonly string[];
  readonly #opened: string;
  #gone = false;

  /** The files must be there. */
  constructor(...paths: string[]) {
    this.#paths = paths;
    this.#opened = this.#identity();
  }

  /** @throws BelfryError `unavailable`, from the first time on for good: what was written meanwhile is lost. */
  assert(): void {
    this.#gone ||= this.#identity() !== this.#opened;
    if (this.#gone) {
      throw unavailable('The database file was deleted, moved or replaced while it was in use. Restart Belfry.');
    }
  }

  #identity(): string {
    return this.#paths.map(identityOf).join(' ');
  }
}

function identityOf(path: string): string {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return 'none';
  }
}
