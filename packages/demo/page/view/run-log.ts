import type { RunLine } from '@belfry/protocol';
import type { RunFollower } from '../lanes/run-follower.ts';
import { el, setText } from './dom.ts';
import { keyedList, type Row } from './keyed-list.ts';
import { progressBar, statusWords } from './run-words.ts';

/** How near its end a log must be to follow what comes. */
const NEAR_PX = 40;

/** One run with its log, and how it ended. */
export function runLog(follower: RunFollower): HTMLElement {
  const title = el('h3');
  const status = el('span', { class: 'run-status' });
  const bar = progressBar();
  const list = el('ol', {
    class: 'run-lines',
    tabindex: '0',
    role: 'log',
    'aria-live': 'off',
    'aria-label': 'Log lines',
  });
  const end = el('p', { class: 'run-end', role: 'status' });
  const rows = keyedList(list, ({ n }: RunLine) => String(n), lineRow);
  const element = el('div', { class: 'run' }, el('div', { class: 'run-head' }, title, status), bar.element, list, end);
  follower.watch(() => {
    const { run, lines, done } = follower;
    element.hidden = run === null;
    if (run === null) return;
    const follows = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX;
    setText(title, run.title);
    setText(status, statusWords(done === null ? run : { status: done.status, progress: null }));
    bar.set(run);
    rows(lines);
    setText(end, done === null ? (run.message ?? '') : `Done, ${lines.length} lines. ${done.message ?? ''}`);
    element.classList.toggle('done', done !== null);
    if (follows) list.scrollTop = list.scrollHeight;
  });
  return element;
}

function lineRow({ n, level, text }: RunLine): Row<RunLine> {
  const number = el('span', { class: 'run-n' }, String(n));
  const element = el('li', {}, number, el('span', {}, text));
  Object.assign(element.dataset, { n, level });
  return { element, update: () => {} };
}
