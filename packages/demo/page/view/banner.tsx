import type { ReactNode } from 'react';

/** A line across the page for what concerns all of it. */
export function Banner({ children }: { children: ReactNode }): ReactNode {
  return (
    <div id="banner" className="banner" role="alert">
      {children}
    </div>
  );
}
