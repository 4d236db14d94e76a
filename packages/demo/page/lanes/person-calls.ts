import { type Answer, BelfryError, type Problem } from '@belfry/protocol';
import type { PersonConfig } from '../../src/wire.ts';
import { fetchToken } from '../config.ts';

export type GivenAnswer = Pick<Answer, 'action' | 'content'>;

/** Calls that a person makes besides those of the inbox. All of them reject with a BelfryError. */
export class PersonCalls {
  readonly #person: PersonConfig;

  constructor(person: PersonConfig) {
    this.#person = person;
  }

  async answer(question: string, { action, content }: GivenAnswer): Promise<void> {
    await this.#post(`/v1/questions/${question}/answer`, action === 'accept' ? { action, content } : { action });
  }

  /** The address of a run's stream for an `EventSource`, which has no headers: a ticket stands in for the token. */
  async runStream(run: string): Promise<string> {
    const { ticket } = (await this.#post('/v1/tickets', {})) as { ticket: string };
    return `${this.#person.url}/v1/runs/${run}/stream?ticket=${encodeURIComponent(ticket)}`;
  }

  async #post(path: string, body: object): Promise<unknown> {
    const { user, url } = this.#person;
    const response = await fetchToken(user)
      .then((token) => {
        const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
        return fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      })
      .catch((cause) => {
        throw new BelfryError('unavailable', 'Belfry could not be reached.', { cause });
      });
    if (response.ok) return response.json();
    const problem = (await response.json().catch(() => null)) as Problem | null;
    throw new BelfryError(problem?.code ?? 'unavailable', problem?.detail ?? `Belfry answered ${response.status}.`);
  }
}
