'use client';
import { type ReactNode, useRef } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import { BellButton } from '../bell/bell-button.tsx';
import { inboxWords } from '../localization/english/inbox.ts';
import { useWords } from '../localization/use-words.ts';
import { LiveRegion } from '../notifications/live-region.tsx';
import { Panel, type PanelOptions } from '../notifications/panel.tsx';
import { Root, type RootProps } from '../root/root.tsx';
import type { Placement } from './placement.ts';
import { useNarrow } from './use-narrow.ts';
import { type OpenProps, useOpen } from './use-open.ts';
import { usePopover } from './use-popover.ts';

export interface InboxProps extends RootProps, OpenProps, PanelOptions {
  /** Where the list opens; `bottom-end` without it. On phones it fills the page. */
  placement?: Placement | undefined;
  /** What to show in place of the bell and its badge, within the button. */
  renderBell?: ((unreadCount: number) => ReactNode) | undefined;
}

/** A bell that opens the list of notifications: beside it, or over the whole page on a phone. */
export function Inbox({ appearance, localization, ...props }: InboxProps): ReactNode {
  return (
    <Root appearance={appearance} localization={localization} inline>
      <BellAndPopover {...props} />
    </Root>
  );
}

function BellAndPopover(props: Omit<InboxProps, keyof RootProps>): ReactNode {
  const { open, defaultOpen, onOpenChange, placement = 'bottom-end', renderBell, ...options } = props;
  const [isOpen, setIsOpen] = useOpen({ open, defaultOpen, onOpenChange });
  const isModal = useNarrow();
  const bell = useRef<HTMLButtonElement>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  const classes = useClasses();
  const { say } = useWords(inboxWords);
  const close = (): void => setIsOpen(false);
  usePopover(dialog, bell, { isOpen, isModal, placement, close });
  return (
    <>
      <BellButton
        elementRef={bell}
        renderBell={renderBell}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      />
      <dialog
        ref={dialog}
        className={classes('popover')}
        popover="manual"
        aria-label={say('inbox.label')}
        tabIndex={-1}
      >
        {isOpen && <Panel {...options} close={close} hasCloseButton={isModal} />}
      </dialog>
      {!isOpen && <LiveRegion />}
    </>
  );
}
