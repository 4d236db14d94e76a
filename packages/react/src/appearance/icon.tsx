import { type ReactNode, useContext } from 'react';
import type { IconName } from './appearance.ts';
import { AppearanceContext } from './context.ts';

/** Outlines on a grid of 20, as the `d` of a path. */
const OUTLINES: Record<IconName, string> = {
  bell: 'M8.2 16a2 2 0 0 0 3.6 0M5 8a5 5 0 0 1 10 0c0 2.7.6 4 1.3 4.8.4.5 0 1.2-.6 1.2H4.3c-.6 0-1-.7-.6-1.2C4.4 12 5 10.700 5 8Z',
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
