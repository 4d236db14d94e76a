import type { Inbox } from '@belfry/client';
import type { Notification } from '@belfry/protocol';
import { seqOf } from '../lanes/numbers.ts';
import { button, el, setText } from './dom.ts';
import type { Row } from './keyed-list.ts';
import type { ProblemLine } from './problem-line.ts';
import { ago, clockTime } from './times.ts';

/** One notification in an inbox, with its two marks. */
export function notificationRow(
  first: Notification,
  inbox: Inbox,
  run: string,
  problem: ProblemLine,
): Row<Notification> {
  const { id, createdAt } = first;
  const at = Date.parse(createdAt);
  let item = first;
  const title = el('span', { class: 'item-title' });
  const body = el('p', { class: 'item-body' });
  const time = el('time', { datetime: createdAt, title: clockTime(at) });
  const unreadDot = el('span', { class: 'unread-dot', role: 'img', 'aria-label': 'Unread' });
  const mark = (call: Promise<boolean>): void => void problem.follow('marked', call);
  const read = button('', () => mark(item.readAt === null ? inbox.read(id) : inbox.unread(id)), { class: 'quiet' });
  const archive = button('Archive', () => mark(inbox.archive(id)), { class: 'quiet' });
  const seq = seqOf(first, run);
  const meta = el('p', { class: 'item-meta' }, time);
  if (seq !== null) meta.append(el('span', { class: 'seq' }, `#${seq}`));
  if (first.channel === 'all') meta.append(el('span', {}, 'to everyone'));
  if (first.channel.startsWith('topic:')) meta.append(el('span', { class: 'topic' }, first.channel));
  const actions = el('div', { class: 'item-actions' }, read, archive);
  const element = el('li', { class: 'item' }, el('p', { class: 'item-line' }, unreadDot, title), body, meta, actions);
  if (seq !== null) element.dataset.seq = String(seq);

  return {
    element,
    update: (next) => {
      item = next;
      element.dataset.severity = next.severity;
      element.classList.toggle('unread', next.readAt === null);
      unreadDot.hidden = next.readAt !== null;
      body.hidden = next.body === null;
      setText(title, next.title);
      setText(body, next.body ?? '');
      setText(time, ago(at));
      setText(read, next.readAt === null ? 'Mark read' : 'Mark unread');
      for (const [control, word] of [
        [read, read.textContent],
        [archive, 'Archive'],
      ] as const) {
        control.setAttribute('aria-label', `${word}: ${next.title}`);
      }
    },
  };
}
