import { type ReactNode, useState } from 'react';
import type { FrameLog, LoggedFrame } from '../lanes/frame-log.ts';
import { useSignal, useStillDemo } from './use-demo.ts';

/** The streams as they come, block by block. Drawn only while it is open. */
export function FramesDrawer(): ReactNode {
  const { belfry, byHand } = useStillDemo();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <section id="frames" className="card wide" aria-label="Raw frames">
      <details className="drawer" onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
        <summary>Raw frames and cursors</summary>
        <p className="hint">
          A cursor says how far a stream has been read. Sent back as Last-Event-ID it makes the stream go on exactly
          there.
        </p>
        {isOpen && (
          <div className="frame-columns">
            {belfry.map(({ person, frames, client }) => (
              <Column key={person.user} name={`${person.name}, Belfry`} log={frames} cursor={() => client.cursor} />
            ))}
            {byHand.map(({ person, frames }) => (
              <Column key={person.user} name={`${person.name}, by hand`} log={frames} cursor={() => null} />
            ))}
          </div>
        )}
      </details>
    </section>
  );
}

interface ColumnProps {
  name: string;
  log: FrameLog;
  cursor: () => string | null;
}

function Column({ name, log, cursor }: ColumnProps): ReactNode {
  useSignal(log);
  return (
    <div>
      <h3>{name}</h3>
      <p className="cursor">Cursor: {cursor() ?? 'none'}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <ol className="frame-list" tabIndex={0} aria-label={`Frames of ${name}`}>
        {log.frames.map((frame) => (
          <Frame key={frame.key} frame={frame} />
        ))}
      </ol>
    </div>
  );
}

function Frame({ frame: { event, id, data } }: { frame: LoggedFrame }): ReactNode {
  return (
    <li>
      <p className="frame-head">
        <span className="frame-event">{event}</span>
        {id !== null && <span className="frame-id">id: {id}</span>}
      </p>
      {data !== '' && <code>{data}</code>}
    </li>
  );
}
