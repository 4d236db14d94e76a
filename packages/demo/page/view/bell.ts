import { el, setText } from './dom.ts';

const SHAPE =
  'M16 3a2 2 0 0 1 2 2v.6c4 .9 6.5 4.2 6.5 8.4 0 5 1.3 6.8 2.6 8 .9.9.3 2.5-1 2.5H5.9c-1.3 0-1.9-1.6-1-2.5 1.3-1.2 2.6-3 2.6-8 0-4.2 2.5-7.5 6.5-8.4V5a2 2 0 0 1 2-2Zm-3.6 23.5h7.2a3.6 3.6 0 0 1-7.2 0Z';
const SVG = 'http://www.w3.org/2000/svg';

/** A bell with the number of unread items on it. */
export function bell(name: string): { element: HTMLElement; set: (unread: number) => void } {
  const badge = el('span', { class: 'badge', 'aria-hidden': 'true' });
  const label = el('span', { class: 'hidden-text' });
  const element = el('span', { class: 'bell' }, drawing(), badge, label);
  return {
    element,
    set: (unread) => {
      badge.hidden = unread === 0;
      setText(badge, unread > 99 ? '99+' : String(unread));
      setText(label, `${name}: ${unread >= 1_000 ? '1,000 or more' : unread} unread`);
    },
  };
}

function drawing(): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 32 32');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', SHAPE);
  svg.append(path);
  return svg;
}
