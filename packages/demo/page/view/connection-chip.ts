import type { Status } from '@belfry/client';
import type { ByHandStatus } from '../lanes/by-hand-lane.ts';
import { el, setText } from './dom.ts';

export type Tone = 'good' | 'busy' | 'bad';

const BELFRY: Readonly<Record<Status['value'], readonly [label: string, tone: Tone]>> = {
  idle: ['Not started', 'busy'],
  connecting: ['Connecting', 'busy'],
  live: ['Live', 'good'],
  reconnecting: ['Reconnecting', 'busy'],
  offline: ['Offline', 'bad'],
  closed: ['Stopped', 'bad'],
};

const BY_HAND: Readonly<Record<ByHandStatus, readonly [label: string, tone: Tone]>> = {
  connecting: ['Connecting', 'busy'],
  open: ['Connected', 'good'],
  reconnecting: ['Reconnecting', 'busy'],
  'given up': ['Given up', 'bad'],
};

export interface Chip {
  element: HTMLElement;
  set: (label: string, tone: Tone) => void;
}

/** A word with a dot before it; said aloud when it changes. */
export function chip(): Chip {
  const label = el('span');
  const element = el(
    'span',
    { class: 'chip', role: 'status' },
    el('span', { class: 'dot', 'aria-hidden': 'true' }),
    label,
  );
  return {
    element,
    set: (text, tone) => {
      setText(label, text);
      element.dataset.tone = tone;
    },
  };
}

export function belfryWords({ value }: Status): readonly [label: string, tone: Tone] {
  return BELFRY[value];
}

export function byHandWords(status: ByHandStatus): readonly [label: string, tone: Tone] {
  return BY_HAND[status];
}
