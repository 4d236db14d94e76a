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
  const list = el('ol');
  const scroll = el('div', { class: 'run-lines', tabindex: '0', role: 'region', 'aria-label': 'Log of the run' }, list);
  const end = el('p', { class: 'run-end', role: 'status' });
  const rows = keyedList(list, ({ n }: RunLine) => String(n), lineRow);
  const element = el(
    'div',
    { class: 'run' },
    el('div', { class: 'run-head' }, title, status),
    bar.element,
    scroll,
    end,
  );
  follower.watch(() => {
    const { run, lines, done } = follower;
    element.hidden = run === null;
    element.classList.toggle('done', done !== null);
    // Of another run, the lines of the same number are other lines.
    if (run === null) rows([]);
    if (run === null) return;
    const follows = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_PX;
    setText(title, run.title);
    setText(status, statusWords(done === null ? run : { status: done.status, progress: null }));
    bar.set(run);
    rows(lines);
    setText(end, done === null ? (run.message ?? '') : `Done, ${lines.length} lines. ${done.message ?? ''}`);
    if (follows) scroll.scrollTop = scroll.scrollHeight;
  });
  return element;
}

function lineRow({ n, level, text }: RunLine): Row<RunLine> {
  const number = el('span', { class: 'run-n' }, String(n));
  const element = el('li', {}, number, el('span', {}, text));
  Object.assign(element.dataset, { n, level });
  return { element, update: () => {} };
}
