import type { RunLine } from '@belfry/protocol';
import { type ReactNode, useEffect, useState } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import { runWords } from '../localization/english/runs.ts';
import { useWords } from '../localization/use-words.ts';

const SHOWN_MS = 2_000;

/** Copies what is selected in the log, or all of its lines; numbers and what else is around them is left out. */
export function CopyButton({ lines, selected }: { lines: readonly RunLine[]; selected: boolean }): ReactNode {
  const classes = useClasses();
  const { say } = useWords(runWords);
  const [outcome, setOutcome] = useState<'log.copied' | 'log.notCopied' | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async (): Promise<void> => {
    const text = selected ? String(document.getSelection()) : lines.map((line) => line.text).join('\n');
    setOutcome((await written(text)) ? 'log.copied' : 'log.notCopied');
  };
  return (
    <span className="belfry-log-copy">
      <span role="status">{outcome !== null && say(outcome)}</span>
      <button
        type="button"
        className={classes('button', 'logButton')}
        // A press would take the selection away before it could be copied.
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => void copy()}
      >
        {say(selected ? 'log.copySelection' : 'log.copy')}
      </button>
    </span>
  );
}

/** Where a page is not secure there is no clipboard, and a reader may forbid it. */
async function written(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
