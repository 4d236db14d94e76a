import { createHmac, timingSafeEqual } from 'node:crypto';
import { BelfryError, type Run } from '@belfry/protocol';
import type { Clock } from './clock.ts';
import type { Links } from './log-event.ts';
import type { Recorder } from './recorder.ts';
import { newSecret } from './secret.ts';

/** Addresses end with a window after the next, so that all who are shown one in the same window see the same. */
const WINDOW_MS = 3_600_000;
const FRESH_MS = 60_000;
const KEY_LIFE_MS = 7 * 24 * 3_600_000;

/**
 * Signs where persons find artifacts: addresses of ours that end after one to two hours. The keys are in the database,
 * shared by all processes: a new one each week, and the one before it good for another week.
 */
export class ArtifactLinks implements Links {
  readonly #recorder: Recorder;
  readonly #clock: Clock;
  #keys: string[] = [];
  #loadedAt = Number.NEGATIVE_INFINITY;
  #loading: Promise<void> | null = null;

  constructor(recorder: Recorder, clock: Clock) {
    this.#recorder = recorder;
    this.#clock = clock;
  }

  /** Resolves when there is a key to sign with; to be waited for before anything is shown to a person. */
  ready(): Promise<void> {
    if (performance.now() - this.#loadedAt < FRESH_MS) return Promise.resolve();
    const loading = this.#load();
    if (this.#keys.length === 0) return loading;
    // Those of before are good for a week more.
    loading.catch(() => {});
    return Promise.resolve();
  }

  shown(run: Run): Run {
    if (run.artifacts.length === 0) return run;
    // A new key is looked for now and then; what is known is good meanwhile.
    void this.ready();
    return { ...run, artifacts: run.artifacts.map((one) => ({ ...one, url: this.#url(run.id, one.name) })) };
  }

  get window(): number {
    return Math.floor(this.#clock.now() / WINDOW_MS);
  }

  /** @throws BelfryError `forbidden` for a signature that is not ours, `expired` for one whose time has passed. */
  async verify(run: string, name: string, exp: string, sig: string): Promise<void> {
    await this.ready();
    if (!this.#isSigned(run, name, exp, sig)) {
      // Another process may have begun with a new key.
      await this.#load();
      if (!this.#isSigned(run, name, exp, sig)) throw notSigned();
    }
    if (Number(exp) * 1_000 <= this.#clock.now()) {
      throw new BelfryError('expired', 'This address has expired. Read the run again for a new one.');
    }
  }

  #url(run: string, name: string): string {
    const exp = String(((this.window + 2) * WINDOW_MS) / 1_000);
    const sig = signature(this.#keys[0] as string, run, name, exp);
    return `/v1/runs/${run}/artifacts/${encodeURIComponent(name)}?exp=${exp}&sig=${sig}`;
  }

  #isSigned(run: string, name: string, exp: string, sig: string): boolean {
    return this.#keys.some((key) => isSame(signature(key, run, name, exp), sig));
  }

  #load(): Promise<void> {
    this.#loading ??= this.#loadOnce().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #loadOnce(): Promise<void> {
    const found = await this.#read();
    const isDue = found[0] === undefined || found[0].age >= KEY_LIFE_MS;
    if (isDue) await this.#recorder.commit('addSigningKey', { secret: newSecret('bs'), maxAgeMs: 2 * KEY_LIFE_MS });
    this.#keys = (isDue ? await this.#read() : found).map(({ secret }) => secret);
    this.#loadedAt = performance.now();
  }

  #read() {
    return this.#recorder.store.read('signingKeys', {});
  }
}

function signature(key: string, run: string, name: string, exp: string): string {
  return createHmac('sha256', key)
    .update(JSON.stringify([run, name, exp]))
    .digest('base64url');
}

function isSame(ours: string, given: string): boolean {
  const theirs = Buffer.alloc(ours.length);
  theirs.write(given);
  return timingSafeEqual(Buffer.from(ours), theirs) && given.length === ours.length;
}

function notSigned(): BelfryError {
  return new BelfryError('forbidden', 'This address was not signed here. Take it from the run, as it is.');
}
