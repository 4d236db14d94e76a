import { type ReactNode, useRef } from 'react';
import { useBeforePaint } from '../root/use-before-paint.ts';

/** Stands in for rows that are not on the page. */
export function Spacer({ height }: { height: number }): ReactNode {
  const element = useRef<HTMLDivElement>(null);
  useBeforePaint(() => {
    element.current?.style.setProperty('height', `${height}px`);
  }, [height]);
  return height > 0 ? <div ref={element} aria-hidden="true" /> : null;
}
