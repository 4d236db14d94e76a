import { type ReactNode, useContext } from 'react';
import type { IconName } from './appearance.ts';
import { AppearanceContext } from './context.ts';

/** Outlines on a grid of 20, as the `d` of a path. */
const OUTLINES: Record<IconName, string> = {
  bell: 'M8.3 15.8a1.8 1.8 0 0 0 3.4 0M5.2 8.3a4.8 4.8 0 0 1 9.6 0c0 2.5.5 3.7 1.2 4.5.4.5.1 1.2-.6 1.2H4.6c-.7 0-1-.7-.6-1.2.7-.8 1.2-2 1.2-4.5Z',
  check: 'm4.5 10.5 3.7 3.7 7.3-8.2',
  checks: 'm2 10.8 3.4 3.4 6.6-7.6M9.8 13.6l.6.6 7.1-7.9',
  archive: 'M3.5 4.5h13v3.2h-13zM4.7 7.7v7c0 .6.4 1 1 1h8.6c.6 0 1-.4 1-1v-7M8.2 10.8h3.6',
  unarchive: 'M3.5 4.5h13v3.2h-13zM4.7 7.7v7c0 .6.4 1 1 1h8.6c.6 0 1-.4 1-1v-7M10 13.5v-3.7m-1.8 1.6L10 9.6l1.8 1.8',
  unread: 'M10 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z',
  close: 'm5.5 5.5 9 9m0-9-9 9',
  chevron: 'm6.5 8.5 3.5 3.5 3.5-3.5',
  offline: 'M3 3l14 14M7.3 8.2A5 5 0 0 0 3 9.9m2.5 2.7a4.6 4.6 0 0 1 4.5-1.1M17 9.9a9.7 9.7 0 0 0-6-2.8m-1 8.4h.01',
  info: 'M10 9.2v4.3M10 6.5h.01M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14Z',
  success: 'm6.9 10.3 2.1 2.1 4.2-4.6M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14Z',
  warning:
    'M10 8v3.5m0 2.6h.01M8.7 3.9 2.8 14.3A1.5 1.5 0 0 0 4.1 16.5h11.8a1.5 1.5 0 0 0 1.3-2.2L11.3 3.9a1.5 1.5 0 0 0-2.6 0Z',
  critical: 'M10 6.5v4.2m0 2.8h.01M7.1 3h5.8L17 7.1v5.8L12.9 17H7.1L3 12.9V7.1z',
};

export function Icon({ name }: { name: IconName }): ReactNode {
  const given = useContext(AppearanceContext).icons?.[name];
  if (given) return given();
  return (
    <svg className="belfry-icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={OUTLINES[name]} />
    </svg>
  );
}
