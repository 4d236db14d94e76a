/** When a question was closed and a run finished: how long they stay counts from there. Of older ones it counts from now. */
export const CLOSED = `
  alter table questions add column closed_at integer;
  update questions set closed_at = cast(unixepoch('subsec') * 1000 as integer) where status <> 'open';
  create index questions_by_closing on questions (closed_at) where closed_at is not null;
  alter table runs add column closed_at integer;
  update runs set closed_at = cast(unixepoch('subsec') * 1000 as integer) where is_open = 0;
  create index runs_by_closing on runs (closed_at) where closed_at is not null;
`;
