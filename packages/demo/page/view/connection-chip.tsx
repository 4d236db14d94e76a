import type { Status } from '@belfry/client';
import type { ReactNode } from 'react';
import type { ByHandStatus } from '../lanes/by-hand-lane.ts';
import { Chip, type Tone } from './chip.tsx';

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

export function BelfryChip({ status, silent = false }: { status: Status; silent?: boolean }): ReactNode {
  const [label, tone] = BELFRY[status.value];
  return <Chip label={label} tone={tone} silent={silent} />;
}

export function ByHandChip({ status }: { status: ByHandStatus }): ReactNode {
  const [label, tone] = BY_HAND[status];
  return <Chip label={label} tone={tone} />;
}
