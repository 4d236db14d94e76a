import type { ReactNode } from 'react';

export type Tone = 'good' | 'busy' | 'bad';

interface ChipProps {
  label: string;
  tone: Tone;
  /** Not said aloud when it changes: something else says it. */
  silent?: boolean;
}

/** A word with a dot before it. */
export function Chip({ label, tone, silent = false }: ChipProps): ReactNode {
  return (
    <span className="chip" data-tone={tone} role={silent ? undefined : 'status'}>
      <span className="dot" aria-hidden="true" />
      <span>{label}</span>
    </span>
  );
}
