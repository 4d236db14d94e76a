import type { BelfryLane } from '../lanes/belfry-lane.ts';
import type { ByHandLane } from '../lanes/by-hand-lane.ts';
import type { FrameLog, LoggedFrame } from '../lanes/frame-log.ts';
import { el, setText } from './dom.ts';
import { keyedList, type Row } from './keyed-list.ts';

/** The streams as they come, block by block. Drawn only while it is open. */
export function framesDrawer(section: HTMLElement, belfry: readonly BelfryLane[], byHand: readonly ByHandLane[]): void {
  const drawer = el('details', { class: 'drawer' }, el('summary', {}, 'Raw frames and cursors'));
  const columns = [
    ...belfry.map((lane) => column(drawer, `${lane.person.name}, Belfry`, lane.frames, () => lane.client.cursor)),
    ...byHand.map((lane) => column(drawer, `${lane.person.name}, by hand`, lane.frames, () => null)),
  ];
  drawer.append(
    el(
      'p',
      { class: 'hint' },
      'A cursor says how far a stream has been read. Sent back as Last-Event-ID it makes the stream go on exactly there.',
    ),
    el('div', { class: 'frame-columns' }, ...columns.map(({ element }) => element)),
  );
  drawer.addEventListener('toggle', () => {
    for (const { render } of columns) render();
  });
  section.append(drawer);
}

function column(drawer: HTMLDetailsElement, name: string, log: FrameLog, cursor: () => string | null) {
  const position = el('p', { class: 'cursor' });
  const list = el('ol', { class: 'frame-list', tabindex: '0', 'aria-label': `Frames of ${name}` });
  const rows = keyedList(list, ({ key }: LoggedFrame) => String(key), frameRow);
  const render = (): void => {
    if (!drawer.open) return;
    setText(position, `Cursor: ${cursor() ?? 'none'}`);
    rows(log.frames);
  };
  // A frame is logged before the client has read it; the cursor that belongs to it stands a moment later.
  log.watch(() => queueMicrotask(render));
  return { element: el('div', {}, el('h3', {}, name), position, list), render };
}

function frameRow({ event, id, data }: LoggedFrame): Row<LoggedFrame> {
  const head = el('p', { class: 'frame-head' }, el('span', { class: 'frame-event' }, event));
  if (id !== null) head.append(el('span', { class: 'frame-id' }, `id: ${id}`));
  const element = el('li', {}, head);
  if (data !== '') element.append(el('code', {}, data));
  return { element, update: () => {} };
}
