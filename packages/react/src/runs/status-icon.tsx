import type { RunStatus } from '@belfry/protocol';
import { type ReactNode, useContext } from 'react';
import { AppearanceContext } from '../appearance/context.ts';

const CIRCLE = 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14Z';

/** Outlines on a grid of 20; each has a shape of its own, so that none is told by its colour alone. */
const OUTLINES: Record<RunStatus, string> = {
  queued: `M10 6.2v4l2.6 1.6${CIRCLE}`,
  running: 'M10 3a7 7 0 1 0 7 7',
  input_required: `M8 8a2 2 0 1 1 2.8 1.9c-.5.2-.8.6-.8 1.3m0 2.5h.01${CIRCLE}`,
  succeeded: `m6.9 10.3 2.1 2.1 4.2-4.6${CIRCLE}`,
  failed: `m7.5 7.5 5 5m0-5-5 5${CIRCLE}`,
  cancelled: `M7 10h6${CIRCLE}`,
  interrupted: `M8.3 7.5v5m3.4-5v5${CIRCLE}`,
};

export function StatusIcon({ status }: { status: RunStatus }): ReactNode {
  const given = useContext(AppearanceContext).icons?.[status];
  if (given) return given();
  return (
    <svg
      className="belfry-icon"
      viewBox="0 0 20 20"
      aria-hidden="true"
      focusable="false"
      data-turning={status === 'running'}
    >
      <path d={OUTLINES[status]} />
    </svg>
  );
}
