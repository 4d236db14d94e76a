import type { Json, Subject } from './notification.ts';

export type RunStatus = 'queued' | 'running' | 'input_required' | 'succeeded' | 'failed' | 'cancelled' | 'interrupted';

export interface Artifact {
  name: string;
  url: string;
  contentType?: string;
  size?: number;
}

/** A long job to watch. `progress` is 0..1, null where unknown. */
export interface Run {
  id: string;
  kind: string;
  title: string;
  subject: Subject | null;
  status: RunStatus;
  progress: number | null;
  message: string | null;
  result: Json;
  artifacts: Artifact[];
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  updatedAt: string;
  data: Json;
}
