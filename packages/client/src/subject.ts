import type { Subject } from '@belfry/protocol';

/** What something is about in the app's own world: enough of a subject to tell it from others. */
export type SubjectRef = Pick<Subject, 'kind' | 'id'>;

export function isAbout({ kind, id }: SubjectRef): (one: { subject: Subject | null }) => boolean {
  return ({ subject }) => subject !== null && subject.kind === kind && subject.id === id;
}

interface Dated {
  id: string;
  createdAt: string;
}

export function newestFirst<Item extends Dated>(items: Iterable<Item>): Item[] {
  return [...items].sort((a, b) => (a.createdAt + a.id < b.createdAt + b.id ? 1 : -1));
}
