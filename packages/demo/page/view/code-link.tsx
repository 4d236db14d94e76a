import type { ReactNode } from 'react';
import type { Code } from '../code.ts';

/** Leads to the source of what it stands beside, in a tab of its own. */
export function CodeLink({ name, url }: Code): ReactNode {
  return (
    <a className="code-link" href={url} target="_blank" rel="noopener" title="Its code, in another tab">
      {name}
    </a>
  );
}
