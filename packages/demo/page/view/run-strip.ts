import type { BelfryLane } from '../lanes/belfry-lane.ts';
import { el, setText } from './dom.ts';
import { progressBar, statusWords } from './run-words.ts';

/** The newest run as one person's main stream tells of it: status and progress, no lines. */
export function runStrip({ held }: BelfryLane) {
  const title = el('span', { class: 'run-title' });
  const status = el('span', { class: 'run-status' });
  const bar = progressBar();
  const element = el('div', { class: 'run-strip' }, el('p', { class: 'run-head' }, title, status), bar.element);
  return {
    element,
    render: (): void => {
      const [run] = held.runs;
      element.hidden = run === undefined;
      if (run === undefined) return;
      setText(title, run.title);
      setText(status, statusWords(run));
      bar.set(run);
    },
  };
}
