'use client';
import type { ReactNode } from 'react';
import { Root, type RootProps } from '../root/root.tsx';
import { Panel, type PanelOptions } from './panel.tsx';

export interface NotificationsProps extends RootProps, PanelOptions {}

/** The list of notifications, to stand wherever you want it. It is as high as it is let: give its parent a height. */
export function Notifications({ appearance, localization, ...options }: NotificationsProps): ReactNode {
  return (
    <Root appearance={appearance} localization={localization}>
      <Panel {...options} />
    </Root>
  );
}
