import type { HTMLAttributes, ReactNode } from 'react';

interface HeadingProps extends HTMLAttributes<HTMLElement> {
  level: 2 | 3;
}

/** No rule of the page for plain `h2` reaches it, as templates of new apps bring them. */
export function Heading({ level, ...rest }: HeadingProps): ReactNode {
  // biome-ignore lint/a11y/useSemanticElements: see above
  return <div role="heading" aria-level={level} {...rest} />;
}
