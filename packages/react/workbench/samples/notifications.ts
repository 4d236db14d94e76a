import type { Notification } from '@belfry/client';
import { ago } from '../fixed-clock.ts';

let made = 0;

/** Each is older than the one before. */
function notification(given: Partial<Notification> = {}): Notification {
  made += 1;
  const createdAt = given.createdAt ?? ago(90 * made * made);
  return {
    id: `n${made}`,
    type: 'comment',
    title: 'Grace Hopper commented on “Compilers, plainly”',
    body: null,
    actionUrl: null,
    actions: [],
    actor: null,
    icon: null,
    severity: 'info',
    data: null,
    subject: null,
    channel: 'user:ada',
    createdAt,
    updatedAt: createdAt,
    expiresAt: null,
    cursor: `k3x9ab-${1_000 - made}-aaaa`,
    seenAt: ago(0),
    readAt: null,
    archivedAt: null,
    ...given,
  };
}

const READ = { readAt: ago(10) };

/** One of everything that a list must show well. */
export const MIXED: Notification[] = [
  notification({
    actor: { name: 'Ada Lovelace' },
    title: 'Ada Lovelace mentioned you',
    body: 'Could you look at the numbers of the third engine before Thursday?',
    actionUrl: '/stories/9',
  }),
  notification({
    actor: { name: 'Alan Turing' },
    title: 'Alan Turing asks for access to “Payroll”',
    actions: [
      { id: 'grant', label: 'Give access' },
      { id: 'deny', label: 'Decline' },
    ],
  }),
  notification({ severity: 'warning', title: 'The disk of db-2 is 91 % full', body: 'It will be full on Friday.' }),
  notification({ severity: 'success', title: 'Build 4711 is green', actionUrl: '/builds/4711', ...READ }),
  notification({
    severity: 'critical',
    title: 'The nightly import stopped',
    subject: { kind: 'import', id: '9', title: 'Customer list', url: '/imports/9' },
    createdAt: ago(90_000),
  }),
  notification({ icon: '👋', title: 'Welcome to Acme', createdAt: ago(400_000), ...READ }),
];

const WORD = '/var/lib/postgresql/16/main/pg_wal/000000010000000A000000FF_a_name_that_goes_on_without_a_place_to_break';

export const LONG: Notification[] = [
  notification({
    severity: 'critical',
    title: `The nightly import of the customer list from the old system stopped after 41,233 of 58,910 rows: ${WORD}`,
    body: `${'A column had turned up that nobody had told it about. '.repeat(6)}${WORD}`,
    subject: { kind: 'import', id: '9', title: `Customer list from the old system, nightly, second attempt, ${WORD}` },
    actions: [
      { id: 'a', label: 'Start it again without the column that nobody knows' },
      { id: 'b', label: 'Leave it for tomorrow' },
    ],
  }),
  notification({ actor: { name: 'Wolfeschlegelsteinhausenbergerdorff' }, title: 'ok' }),
];

export const MANY: Notification[] = Array.from({ length: 400 }, (_, at) =>
  notification({ title: `Build ${5_000 - at} is green`, severity: 'success', createdAt: ago(at * 1_800) }),
);
