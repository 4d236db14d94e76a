import { type ReactNode, useState } from 'react';
import type { Draft } from '../../src/wire.ts';
import { asCurl, asNode } from './snippets.ts';
import { useStillDemo } from './use-demo.ts';

const SAID_MS = 2_000;

/** What the form would send, as code to copy. */
export function CallsPanel({ draft }: { draft: Draft }): ReactNode {
  const { apiKey } = useStillDemo().config;
  return (
    <section id="calls" className="card wide" aria-labelledby="calls-title">
      <h2 id="calls-title">The same call from your code</h2>
      <p className="hint">
        These follow the form. The page hears what you send this way too, at once and in every tab. The client tries
        again by itself while the server is away, and sends nothing twice.
      </p>
      <div className="snippets">
        <Snippet name="curl" text={asCurl(draft, location.origin, apiKey)} />
        <Snippet name="Node" text={asNode(draft, location.origin, apiKey)} />
      </div>
    </section>
  );
}

function Snippet({ name, text }: { name: string; text: string }): ReactNode {
  return (
    <div className="snippet">
      <div className="snippet-head">
        <h3>{name}</h3>
        <CopyButton name={name} text={text} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    </div>
  );
}

function CopyButton({ name, text }: { name: string; text: string }): ReactNode {
  const [label, setLabel] = useState('Copy');
  const copy = async (): Promise<void> => {
    const done = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    setLabel(done ? 'Copied' : 'Select it and copy by hand');
    setTimeout(() => setLabel('Copy'), SAID_MS);
  };
  return (
    <button type="button" className="quiet" aria-label={`${label}: the ${name} code`} onClick={() => void copy()}>
      {label}
    </button>
  );
}
