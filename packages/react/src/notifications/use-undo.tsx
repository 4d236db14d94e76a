import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import { inboxWords } from '../localization/english/inbox.ts';
import { useWords } from '../localization/use-words.ts';

const SHOWN_MS = 7_000;

type Word = keyof typeof inboxWords & string;

interface Told {
  word: Word;
  undo: (() => void) | undefined;
}

export interface Undo {
  /** What was done, or did not work, with a way back. */
  tell: (word: Word, undo?: () => void) => void;
  bar: ReactNode;
}

/** "Archived · Undo", for some seconds, and for as long as somebody points at it or is in it. */
export function useUndo(): Undo {
  const [told, setTold] = useState<Told>();
  const tell = useCallback((word: Word, undo?: () => void) => setTold({ word, undo }), []);
  const end = useCallback(() => setTold(undefined), []);
  return { tell, bar: <UndoBar told={told} end={end} /> };
}

function UndoBar({ told, end }: { told: Told | undefined; end: () => void }): ReactNode {
  const classes = useClasses();
  const { say } = useWords(inboxWords);
  const [isHeld, setIsHeld] = useState(false);
  useEffect(() => {
    if (!told || isHeld) return;
    const timer = setTimeout(end, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [told, isHeld, end]);

  const hold = { onPointerEnter: () => setIsHeld(true), onPointerLeave: () => setIsHeld(false) };
  const undo = (): void => {
    told?.undo?.();
    setIsHeld(false);
    end();
  };
  return (
    <div role="status" className={classes('undo')} {...hold} onFocus={hold.onPointerEnter} onBlur={hold.onPointerLeave}>
      {told && <span>{say(told.word)}</span>}
      {told?.undo && (
        <button type="button" onClick={undo}>
          {say('undo.undo')}
        </button>
      )}
    </div>
  );
}
