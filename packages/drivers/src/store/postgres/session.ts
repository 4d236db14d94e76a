/** The server gives up a statement after this; we wait a little longer for it to say so. Milliseconds. */
const STATEMENT_MS = 9_000;
export const SILENCE_MS = 10_000;
export const CONNECT_MS = 2_000;
/** A transaction that stands still holds its log's lock: a process that hangs must not hold up the others for long. */
const IDLE_IN_TRANSACTION_MS = 5_000;

const SETTINGS: Record<string, string> = {
  search_path: 'belfry, pg_temp',
  // Of a statement that is a transaction of its own: who waited for a lock must see what was committed meanwhile.
  default_transaction_isolation: 'read committed',
  statement_timeout: String(STATEMENT_MS),
  // An account's own limits would refuse whoever waits for a log's lock, and end the sessions that locks are held in.
  lock_timeout: '0',
  idle_session_timeout: '0',
  idle_in_transaction_session_timeout: String(IDLE_IN_TRANSACTION_MS),
  // A client that went without a goodbye is noticed within some 11 s, also where its session was idle; by the system's
  // own settings, within two hours, and as long it would keep its locks. Seconds, and milliseconds for what was sent.
  tcp_keepalives_idle: '5',
  tcp_keepalives_interval: '2',
  tcp_keepalives_count: '3',
  tcp_user_timeout: '11000',
  // Whole seconds of compiling for queries of milliseconds.
  jit: 'off',
  // Every query is written as a walk along an index and then seeks, in that order. The planner may not think otherwise
  // because a table was never analyzed, or because a prepared statement hides its parameters.
  join_collapse_limit: '1',
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_material: 'off',
};

/**
 * What every session of ours begins with. A server may have been told to answer commits before they are on disk: for
 * ours it may not, or what was acknowledged could be lost. (`remote_apply` is stronger, and stays.)
 */
export const SESSION_SQL = `
  select set_config('synchronous_commit', 'on', false)
    where current_setting('synchronous_commit') not in ('on', 'remote_apply');
  ${Object.entries(SETTINGS)
    .map(([name, value]) => `set ${name} = ${name === 'search_path' ? value : `'${value}'`};`)
    .join('\n  ')}`;
