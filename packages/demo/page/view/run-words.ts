import type { Run, RunStatus } from '@belfry/protocol';
import { el } from './dom.ts';

const WORDS: Readonly<Record<RunStatus, string>> = {
  queued: 'Queued',
  running: 'Running',
  input_required: 'Waits for an answer',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Cancelled',
  interrupted: 'Interrupted',
};

/** How a run is, in words. */
export function statusWords({ status, progress }: Pick<Run, 'status' | 'progress'>): string {
  return status === 'running' && progress !== null ? `${Math.round(progress * 100)} %` : WORDS[status];
}

/** How far a run is. */
export function progressBar() {
  const element = el('progress', { max: '1' });
  return {
    element,
    set: ({ title, status, progress }: Run): void => {
      element.value = progress ?? 0;
      element.dataset.status = status;
      element.setAttribute('aria-label', title);
    },
  };
}
