import type { Run } from '@belfry/protocol';
import type { ReactNode } from 'react';
import { safeUrl } from './safe-url.ts';

/** What a question or a run is about, as a link where it has an address that is safe to follow. */
export function SubjectWords({ subject }: { subject: NonNullable<Run['subject']> }): ReactNode {
  const words = [subject.code, subject.title].filter(Boolean).join(' · ') || subject.id;
  const url = safeUrl(subject.url);
  return url === undefined ? words : <a href={url}>{words}</a>;
}
