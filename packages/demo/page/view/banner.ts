import { el } from './dom.ts';

/** A line across the page for what concerns all of it; null takes it away. */
export function banner(place: HTMLElement): (content: readonly (Node | string)[] | null) => void {
  let shown: readonly (Node | string)[] | null = null;
  return (content) => {
    if (content === shown) return;
    shown = content;
    place.hidden = content === null;
    place.replaceChildren(...(content ?? []));
  };
}

/** What to do when nobody answers any more. The same object each time, so that it is said once. */
export const STOPPED: readonly (Node | string)[] = [
  'Belfry was stopped. Start it again where it ran, with ',
  el('code', {}, 'npm start'),
  ' or ',
  el('code', {}, 'npx belfry dev'),
  '; this page comes back by itself.',
];
