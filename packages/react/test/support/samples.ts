import type { BelfryServer } from '@belfry/server';

const LONG =
  'The nightly import of the customer list from the old system stopped after 41,233 of 58,910 rows, because a column had turned up that nobody had told it about';

type Content = Parameters<BelfryServer['notify']>[0];

/** One of everything that a list must show well, the newest last. */
const SAMPLES: Omit<Content, 'to'>[] = [
  { type: 'comment', title: 'Welcome to Acme', body: 'Here is what happens while you are away.', icon: '👋' },
  {
    type: 'comment',
    title: 'Grace Hopper commented on “Compilers, plainly”',
    body: 'I would move the second part up: it is what people come for, and it takes them two pages to get there.',
    actor: { name: 'Grace Hopper' },
    actionUrl: '/stories/7',
    subject: { kind: 'story', id: '7', title: 'Compilers, plainly' },
  },
  {
    type: 'build.failed',
    title: LONG,
    severity: 'critical',
    actionUrl: '/imports/9',
    subject: { kind: 'import', id: '9', title: 'Customer list from the old system, nightly, second attempt' },
  },
  {
    type: 'build.finished',
    title: 'Build 4711 is green',
    body: 'All 1,204 checks passed in 4 minutes.',
    severity: 'success',
    actionUrl: '/builds/4711',
  },
  {
    type: 'disk.low',
    title: 'The disk of db-2 is 91 % full',
    severity: 'warning',
    body: '/var/lib/postgresql/16/main/pg_wal/000000010000000A000000FF_a_very_long_unbroken_name_that_goes_on_and_on_without_a_single_place_to_break',
  },
  {
    type: 'request',
    title: 'Alan Turing asks for access to “Payroll”',
    actor: { name: 'Alan Turing' },
    actions: [
      { id: 'grant', label: 'Give access' },
      { id: 'deny', label: 'Decline' },
    ],
  },
  {
    type: 'comment',
    title: 'Ada Lovelace mentioned you',
    body: 'Could you look at the numbers of the third engine before Thursday?',
    actor: { name: 'Ada Lovelace' },
    actionUrl: '/stories/9',
  },
];

export async function sendSamples(server: BelfryServer, user = 'ada'): Promise<void> {
  for (const content of SAMPLES) await server.notify({ to: `user:${user}`, ...content } as Content);
}
