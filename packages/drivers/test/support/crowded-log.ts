/** A tenant's log to look things up in: small, and then with thousands of rows in every table that has many. */

/** Of others, and numbered far behind what a test has made. */
const NUMBERS = 'generate_series($2::int, $3::int) g';

/** Everything there is, copied for people and channels that nobody looks up. `$1` is the log, `$2` and `$3` are the first and the last number. */
export const CROWD_SQL: readonly string[] = [
  `insert into belfry.events (log, n, check_value, type, time, recipients, data, bytes, total_bytes)
    select $1, g, 'abcd', 'x', e.time, '["user:bob"]', '{}', 10, e.total_bytes + 10 * g
    from ${NUMBERS}, (select * from belfry.events where log = $1 order by n desc limit 1) e`,
  `insert into belfry.notifications (log, n, id, type, severity, created_at, recipients, content)
    select $1, g, 'item-' || g, i.type, i.severity, i.created_at + g, '["user:bob"]', i.content
    from ${NUMBERS}, (select * from belfry.notifications where log = $1 order by n desc limit 1) i`,
  `insert into belfry.addressed (log, channel, n) select $1, 'user:bob', g from ${NUMBERS}`,
  `insert into belfry.marks (log, person, n, seen_at) select $1, 'p' || g, g, 1 from ${NUMBERS}`,
  `insert into belfry.fallbacks (log, n, until, "after") select $1, g, 'seen', '' from ${NUMBERS}`,
  `insert into belfry.people (log, person, sent_n, scope) select $1, 'p' || g, 0, '' from ${NUMBERS}`,
  `insert into belfry.people_channels (log, channel, person) select $1, 'topic:elsewhere', 'p' || g from ${NUMBERS}`,
  `insert into belfry.memberships (log, person, channel, n) select $1, 'p' || g, 'topic:elsewhere', 1 from ${NUMBERS}`,
  `insert into belfry.revocations (log, person, channel, n, at) select $1, 'p' || g, 'topic:x', 1, 1 from ${NUMBERS}`,
  `insert into belfry.invalidations (log, person, n) select $1, 'p' || g, 1 from ${NUMBERS}`,
  `insert into belfry.questions (log, n, check_value, id, status, answer_by, asker, recipients, content)
    select $1, g, 'abcd', 'question-' || g, 'answered', q.answer_by, 'p' || g, '["user:bob"]', q.content
    from ${NUMBERS}, (select * from belfry.questions where log = $1 order by n desc limit 1) q`,
  `insert into belfry.open_questions (log, channel, n) select $1, 'user:bob', g from ${NUMBERS}`,
  `insert into belfry.run_questions (log, run, n) select $1, 'run-' || g, g from ${NUMBERS}`,
  `insert into belfry.run_channels (log, channel, n, is_open) select $1, 'user:bob', g, 1 from ${NUMBERS}`,
  `insert into belfry.logs (tenant) select 'elsewhere-' || $1::int || '-' || g from ${NUMBERS}`,
];
