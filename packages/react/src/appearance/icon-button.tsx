import type { ReactNode } from 'react';
import type { IconName } from './appearance.ts';
import { Icon } from './icon.tsx';
import { useClasses } from './use-classes.ts';

interface IconButtonProps {
  icon: IconName;
  label: string;
  onClick: () => void;
  disabled?: boolean;
  tabIndex?: number;
}

/** A button that is only an icon; its label is told to screen readers and to those who point at it. */
export function IconButton({ icon, label, ...rest }: IconButtonProps): ReactNode {
  const classes = useClasses();
  return (
    <button type="button" className={classes('iconButton')} aria-label={label} title={label} {...rest}>
      <Icon name={icon} />
    </button>
  );
}
