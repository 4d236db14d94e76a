import type { Subject } from '@belfry/protocol';

/** What something is about in the app's own world: enough of a subject to tell it from others. */
export type SubjectRef = Pick<Subject, 'kind' | 'id'>;
