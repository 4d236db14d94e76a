import type { ReactNode } from 'react';
import type { ServerState } from '../../src/wire.ts';
import { Chip } from './chip.tsx';
import { useDemo } from './use-demo.ts';

/** Whether the server lives, in the head of the page. */
export function ServerChip(): ReactNode {
  const { world } = useDemo();
  const { watching, server } = world;
  return (
    <div id="server" className="server" role="status">
      {watching ? <Alive up={server.up} /> : <Chip label="Stopped" tone="bad" silent />}
      <span className="server-detail">{watching ? detailOf(server) : 'nothing answers'}</span>
    </div>
  );
}

function Alive({ up }: { up: boolean }): ReactNode {
  return <Chip label={up ? 'Server up' : 'Server down'} tone={up ? 'good' : 'bad'} silent />;
}

function detailOf({ up, pid, restarts }: ServerState): string {
  if (!up) return 'starting again';
  const times = restarts === 1 ? 'once' : `${restarts} times`;
  return `process ${pid ?? '–'}${restarts > 0 ? `, restarted ${times}` : ''}`;
}
