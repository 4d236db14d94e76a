import type { Severity } from '@belfry/client';
import type { RunStatus } from '@belfry/protocol';
import type { ReactNode } from 'react';
import type { ElementName } from './elements.ts';

/** How the components look. */
export interface Appearance {
  /** CSS values by name, without `--belfry-`: `{ colorPrimary: '#7c3aed', radius: '4px' }`. The stylesheet lists them. */
  variables?: Readonly<Record<string, string>>;
  /** Classes to add to a part: `{ bell: 'my-bell' }`. They win over ours, which stand in the layer `belfry`. */
  elements?: Readonly<Partial<Record<ElementName, string>>>;
  /** Icons in place of ours. Decoration: hide them from screen readers. */
  icons?: Readonly<Partial<Record<IconName | RunStatus, () => ReactNode>>>;
  /** `light`, `dark`, or as the page around is, which is the default. */
  colorScheme?: 'light' | 'dark';
}

export type IconName =
  | 'bell'
  | 'check'
  | 'checks'
  | 'archive'
  | 'unarchive'
  | 'unread'
  | 'close'
  | 'chevron'
  | 'offline'
  | Severity;
