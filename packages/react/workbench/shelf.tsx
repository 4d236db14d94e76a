import { type Appearance, BelfryProvider } from '@belfry/react';
import { ar } from '@belfry/react/locales/ar';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { type Contents, type FakeBelfry, fakeBelfry } from './fake/belfry.ts';

/** What the address asks for: `?dir=rtl`, and `?scheme=dark`, which the page has from its script. */
const isRtl = new URLSearchParams(location.search).get('dir') === 'rtl';

export const language = isRtl ? { localization: ar } : {};

/** The clients of the states by name, for tests and for those who try things in the console. */
export const fakes = new Map<string, FakeBelfry>();
Object.assign(globalThis, { workbench: fakes });

export function Shelf({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <section className="shelf" id={name.toLowerCase()}>
      <h2>{name}</h2>
      <div className="states">{children}</div>
    </section>
  );
}

interface StateProps {
  /** Which state it is, in a few words. */
  name: string;
  contents?: Contents;
  appearance?: Appearance;
  children: ReactNode;
  /** Done once it stands: for what is reached by using it only. */
  then?: (element: HTMLElement, fake: FakeBelfry) => void;
}

/** A component in one state, with a client of its own. */
export function State({ name, contents, appearance, children, then }: StateProps): ReactNode {
  const [fake] = useState(() => fakeBelfry(contents));
  const element = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once.
  useEffect(() => {
    fakes.set(name, fake);
    then?.(element.current!, fake);
  }, []);
  return (
    <div className="state">
      <p className="state-name">{name}</p>
      <div ref={element}>
        <BelfryProvider client={fake.client} {...language} {...(appearance ? { appearance } : {})}>
          {children}
        </BelfryProvider>
      </div>
    </div>
  );
}
