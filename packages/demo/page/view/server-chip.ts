import type { World } from '../world.ts';
import { chip } from './connection-chip.ts';
import { el, setText } from './dom.ts';

/** Whether the server lives, in the head of the page. */
export function serverChip(place: HTMLElement, world: World): () => void {
  const state = chip();
  state.element.removeAttribute('role');
  const detail = el('span', { class: 'server-detail' });
  place.append(state.element, detail);
  return () => {
    if (!world.watching) {
      state.set('Stopped', 'bad');
      setText(detail, 'nothing answers');
      return;
    }
    const { up, pid, restarts } = world.server;
    state.set(up ? 'Server up' : 'Server down', up ? 'good' : 'bad');
    const times = restarts === 1 ? 'once' : `${restarts} times`;
    setText(detail, up ? `process ${pid ?? '–'}${restarts > 0 ? `, restarted ${times}` : ''}` : 'starting again');
  };
}
