import type { RunLine } from '@belfry/protocol';
import { memo, type ReactNode, type RefObject } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import { useBeforePaint } from '../root/use-before-paint.ts';
import type { LineRange } from './line-range.ts';

interface Props {
  space: RefObject<HTMLDivElement | null>;
  lines: readonly RunLine[];
  shown: LineRange;
}

/** A space as tall as all lines, of which those that can be seen are there. */
export function Lines({ space, lines, shown }: Props): ReactNode {
  const digits = String(lines.at(-1)?.n ?? 0).length;
  useBeforePaint(() => {
    const { style } = space.current!;
    style.setProperty('--belfry-lines', String(lines.length));
    style.setProperty('--belfry-lines-above', String(shown.from));
    style.setProperty('--belfry-log-digits', String(Math.max(3, digits)));
  }, [space, lines.length, shown.from, digits]);
  return (
    <div ref={space} className="belfry-log-space">
      <div className="belfry-log-shown">
        {lines.slice(shown.from, shown.to).map((line) => (
          <Line key={line.n} line={line} />
        ))}
      </div>
    </div>
  );
}

/** The number is drawn by the stylesheet, from the attribute: so it is neither selected nor copied. */
const Line = memo(function Line({ line: { n, level, text } }: { line: RunLine }): ReactNode {
  const classes = useClasses();
  return (
    <div className={classes('logLine')} data-n={n} data-level={level}>
      {text}
    </div>
  );
});
