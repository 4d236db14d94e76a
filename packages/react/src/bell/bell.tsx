'use client';
import type { ReactNode } from 'react';
import { Root, type RootProps } from '../root/root.tsx';
import { BellButton } from './bell-button.tsx';

export interface BellProps extends RootProps {
  /** What to show in place of the bell and its badge, within the button. */
  renderBell?: ((unreadCount: number) => ReactNode) | undefined;
  onClick?: (() => void) | undefined;
}

/** A button with the number of what is unread; `<Inbox/>` is one that also opens the list. */
export function Bell({ appearance, localization, ...props }: BellProps): ReactNode {
  return (
    <Root appearance={appearance} localization={localization} inline>
      <BellButton {...props} />
    </Root>
  );
}
