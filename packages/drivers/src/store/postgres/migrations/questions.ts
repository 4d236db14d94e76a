/** A question stays when it is no longer open; `open_questions` holds only what still can be answered. */
export const QUESTIONS = `
  create table questions (
    log integer not null, n bigint not null, check_value text collate "C" not null, id text collate "C" not null,
    status text collate "C" not null, answer_by text collate "C" not null, asker text collate "C",
    subject_kind text collate "C", subject_id text collate "C", expires_at bigint, recipients text not null,
    answer text, content text not null, primary key (log, n)
  );
  create unique index questions_by_id on questions (log, id);
  create index questions_by_status on questions (log, status, n);
  create index questions_by_subject on questions (log, subject_kind, subject_id, n) where subject_kind is not null;
  create index questions_by_asker on questions (log, asker, status, n) where asker is not null;
  create index questions_by_expiry on questions (expires_at) where expires_at is not null and status = 'open';
  create table question_channels (
    log integer not null, channel text collate "C" not null, n bigint not null, primary key (log, channel, n)
  );
  create table open_questions (
    log integer not null, channel text collate "C" not null, n bigint not null, primary key (log, channel, n)
  );
`;
