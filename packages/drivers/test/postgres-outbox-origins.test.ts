import type { LogEvent, Service } from '@belfry/core';
import type { Question, Run } from '@belfry/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isMissing, POSTGRES } from './support/postgres-server.ts';
import { openSqlBench, type SqlBench } from './support/sql-processes.ts';

// For scripts that look what a test file needs: startPostgres.
describe.skipIf(isMissing(POSTGRES))('A4: changes come from triggers in the transactions of the application', () => {
  let bench: SqlBench;

  beforeAll(async () => {
    bench = await openSqlBench();
  });
  afterAll(() => bench.close());

  test('A4: a trigger on a jobs table makes a run private to one user, moves it on and finishes it', async () => {
    const tenant = bench.newTenant();
    await bench.app.query(jobsTable(tenant));
    await bench.app.query(`insert into jobs (kind, owner) values ('make-plan', 'ada')`);
    await bench.app.query(`update jobs set status = 'running', note = 'Reading'`);
    await bench.app.query('begin');
    await bench.app.query(`update jobs set status = 'failed'`);
    await bench.app.query('rollback');
    await bench.app.query(`update jobs set status = 'succeeded', note = 'Planned'`);
    const events = await bench.logOf(tenant);
    expect(events.map(({ type, to, data }) => [type, to, runIn(data).status])).toEqual([
      ['run.created', ['user:ada'], 'queued'],
      ['run.updated', ['user:ada'], 'running'],
      ['run.finished', ['user:ada'], 'succeeded'],
    ]);
    const { run: id } = await bench.one('select run from jobs');
    expect(runIn(events.at(-1)!.data)).toMatchObject({ id, kind: 'make-plan', message: 'Planned' });
    expect((await bench.logOf(`${tenant}/${id}`)).flatMap(linesOf)).toEqual(['Reading', 'Planned']);
    expect(await bench.lettersOf(tenant)).toEqual([]);
  });

  test('A4: a trigger on a questions table asks, follows what the application answers, and cancels', async () => {
    const tenant = bench.newTenant();
    await bench.app.query(questionsTable(tenant));
    await bench.app.query(`insert into story_questions (story, product, message, options)
      values (7, 3, 'Which one?', '["a", "b"]'), (8, 3, 'And here?', '["c"]')`);
    await bench.app.query(`update story_questions set answer = 'b', answered_by = 'ada' where story = 7`);
    await bench.app.query('delete from story_questions where story = 8');
    const events = await bench.logOf(tenant);
    expect(events.map(({ type, to }) => [type, to])).toEqual([
      ['question.opened', ['topic:products/3']],
      ['question.opened', ['topic:products/3']],
      ['question.answered', ['topic:products/3']],
      ['question.cancelled', ['topic:products/3']],
    ]);
    expect(questionIn(events[2]!.data)).toMatchObject({
      subject: { kind: 'story', id: '7' },
      answer: { content: { value: 'b' }, by: { user: 'ada' } },
    });
    expect(await bench.lettersOf(tenant)).toEqual([]);
  });

  test('A4: a plan-chat question is asked by the person, stands among their own, and is answered by the agent', async () => {
    const tenant = bench.newTenant();
    const asked = `belfry.ask($1, 'user:ada', 'Why so?', '{"askedBy": {"user": "ada", "name": "Ada"}, "data": {"idea": 4}}')`;
    const { id } = await bench.one(`select ${asked} as id`, [tenant]);
    await bench.logOf(tenant);
    const [core] = bench.cores;
    const agent: Service = { kind: 'service', tenant, key: 'agent', scopes: ['publish'], tenants: 'all' };
    const answer = { action: 'accept', content: { value: 'Because.' } } as const;
    await core!.questions.answer(agent, String(id), answer);
    const events = await bench.logOf(tenant);
    expect(events.map(({ type, to }) => [type, to])).toEqual([
      ['question.opened', ['user:ada']],
      ['question.answered', ['user:ada']],
    ]);
    expect(questionIn(events[1]!.data)).toMatchObject({
      answerBy: 'service',
      askedBy: { user: 'ada', name: 'Ada' },
      answer: { content: { value: 'Because.' }, by: { user: 'agent' } },
      data: { idea: 4 },
    });
  });

  test('A8: what a trigger gets wrong never fails the write of the application, and is counted', async () => {
    const tenant = bench.newTenant();
    await bench.app.query(`
      create table ideas (id integer, owner text);
      create function ask_owner() returns trigger language plpgsql set belfry.strict = off as $$
      begin
        perform belfry.ask('${tenant}', 'user:' || new.owner, 'Is it ready?');
        return new;
      end $$;
      create trigger ask_owner after insert on ideas for each row execute function ask_owner();
      insert into ideas values (1, null), (2, 'no one'), (3, 'ada')`);
    expect(await bench.one('select count(*)::int as ideas from ideas')).toEqual({ ideas: 3 });
    expect((await bench.logOf(tenant)).map(({ type, to }) => [type, to])).toEqual([['question.opened', ['user:ada']]]);
    expect((await bench.lettersOf(tenant)).map(({ kind }) => kind)).toEqual(['ask', 'ask']);
  });
});

/** A run goes with each job: made with it, and told of each change. */
function jobsTable(tenant: string): string {
  return `
    create table jobs (id integer generated always as identity, kind text, owner text, status text default 'queued',
      note text, run text);
    create function begin_job() returns trigger language plpgsql as $$
    begin
      new.run := belfry.run('${tenant}', 'user:' || new.owner, new.kind, 'Job ' || new.id);
      return new;
    end $$;
    create trigger begin_job before insert on jobs for each row execute function begin_job();
    create function move_job() returns trigger language plpgsql as $$
    begin
      perform belfry.run_log('${tenant}', new.run, new.note);
      perform belfry.run_update('${tenant}', new.run, jsonb_build_object('status', new.status, 'message', new.note));
      return new;
    end $$;
    create trigger move_job after update on jobs for each row execute function move_job()`;
}

function questionsTable(tenant: string): string {
  return `
    create table story_questions (story integer, product integer, message text, options jsonb, answer text,
      answered_by text, question text);
    create function ask_it() returns trigger language plpgsql as $$
    begin
      new.question := belfry.ask('${tenant}', 'topic:products/' || new.product, new.message, jsonb_build_object(
        'options', new.options, 'subject', jsonb_build_object('kind', 'story', 'id', new.story::text)));
      return new;
    end $$;
    create trigger ask_it before insert on story_questions for each row execute function ask_it();
    create function end_it() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' then perform belfry.cancel('${tenant}', old.question);
      else perform belfry.answer('${tenant}', new.question, 'accept', jsonb_build_object('value', new.answer), new.answered_by);
      end if;
      return null;
    end $$;
    create trigger end_it after update or delete on story_questions for each row execute function end_it()`;
}

function runIn(data: string): Run {
  return (JSON.parse(data) as { run: Run }).run;
}

function questionIn(data: string): Question {
  return (JSON.parse(data) as { question: Question }).question;
}

function linesOf({ data }: LogEvent): string[] {
  return ((JSON.parse(data) as { lines?: { text: string }[] }).lines ?? []).map(({ text }) => text);
}
