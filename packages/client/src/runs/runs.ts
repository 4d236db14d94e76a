import type { BelfryError, Run } from '@belfry/protocol';
import type { StatusValue } from '../status.ts';
import type { Readable } from '../store.ts';
import type { SubjectRef } from '../subject.ts';

export interface RunsSnapshot {
  /** The newest first: the unfinished ones, and those that finished since, until dismissed. */
  items: readonly Run[];
  /** How many of `items` have not finished. */
  active: number;
  status: StatusValue;
  /** The principal may look but not touch: nothing is sent. */
  readOnly: boolean;
  /** Nothing has come yet. */
  loading: boolean;
  /** Why the last action was taken back, or the stream does not start. */
  error: BelfryError | null;
}

export interface Runs extends Readable<RunsSnapshot> {
  /** Shows at once; false: it was taken back, and `error` says why. Never rejects. */
  cancel: (id: string) => Promise<boolean>;
  /** Stops showing a run that has finished. An unfinished one stays. */
  dismiss: (id: string) => void;
  /** Those about one thing. */
  about: (subject: SubjectRef) => Readable<RunsSnapshot>;
}
