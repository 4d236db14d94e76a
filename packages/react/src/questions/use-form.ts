import type { QuestionItem } from '@belfry/client';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { contentOf, type Draft, draftOf, type Entry } from './draft.ts';
import { type Faults, faultsOf } from './faults.ts';

export const FIRST_WRONG = 'input[aria-invalid="true"], [data-invalid="true"] :is(input, select, textarea)';

const NONE: Faults = {};

export interface Form {
  draft: Draft;
  faults: Faults;
  /** Whether this is about a field that the server did not take. */
  refused: string | undefined;
  enter: (name: string, entry: Entry) => void;
  submit: (event: FormEvent) => void;
}

/** What is filled in outlives the form: an answer that is refused stands there again. */
export function useDraft({ schema }: QuestionItem): Draft {
  return useState(() => draftOf(schema))[0];
}

/** Checks before it sends; what was found wrong is looked at again with each change of it. */
export function useForm(
  question: QuestionItem,
  draft: Draft,
  send: (content: ReturnType<typeof contentOf>) => void,
): Form {
  const { schema, error } = question;
  const [faults, setFaults] = useState(NONE);
  const [mended, setMended] = useState<string>();
  const refused = /^content\.([^.]+)/.exec(error?.field ?? '')?.[1];
  const focusFirst = useFocusOnFault(faults);

  const enter = (name: string, entry: Entry): void => {
    draft[name] = entry;
    if (name === refused) setMended(name);
    if (name in faults) setFaults(onlyThose(faultsOf(schema, contentOf(schema, draft)), faults));
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const content = contentOf(schema, draft);
    const found = faultsOf(schema, content);
    setFaults(found);
    if (Object.keys(found).length === 0) send(content);
    else focusFirst(event.currentTarget);
  };
  return { draft, faults, refused: refused === mended ? undefined : refused, enter, submit };
}

/** A mistake that was not told of yet is told of when it is sent. */
function onlyThose(found: Faults, known: Faults): Faults {
  return Object.fromEntries(Object.entries(found).filter(([name]) => name in known));
}

/** Leads to the first field that is wrong, once it says so. */
function useFocusOnFault(faults: Faults): (form: Element) => void {
  const form = useRef<Element>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new faults are what it waits for.
  useEffect(() => {
    form.current?.querySelector<HTMLElement>(FIRST_WRONG)?.focus();
    form.current = null;
  }, [faults]);
  return (element) => {
    form.current = element;
  };
}
