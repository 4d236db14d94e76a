import type { Json } from '@belfry/client';
import type { ReactNode } from 'react';
import { useClasses } from '../appearance/use-classes.ts';

/** What came of it: a few plain values as a list, anything else as JSON. */
export function Result({ result }: { result: Json }): ReactNode {
  const classes = useClasses();
  if (result === null) return null;
  return (
    <div className={classes('runResult')}>{isFlat(result) ? <Facts facts={result} /> : <Plain value={result} />}</div>
  );
}

type Fact = string | number | boolean | null;

function isFlat(result: Json): result is Record<string, Fact> {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return false;
  const values = Object.values(result);
  return (
    values.length > 0 && values.length <= 8 && values.every((value) => value === null || typeof value !== 'object')
  );
}

function Facts({ facts }: { facts: Record<string, Fact> }): ReactNode {
  return (
    <dl>
      {Object.entries(facts).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd dir="auto">{String(value ?? '–')}</dd>
        </div>
      ))}
    </dl>
  );
}

function Plain({ value }: { value: Json }): ReactNode {
  if (typeof value === 'string') return <p dir="auto">{value}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <pre tabIndex={0} dir="ltr">
      {JSON.stringify(value, null, 2)}
    </pre>
  );
}
