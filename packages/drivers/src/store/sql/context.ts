import type { LogEvent, ReadName, Reads, WriteName, Writes } from '@belfry/core';
import type { Kysely } from 'kysely';
import type { SqlDialect } from './dialect.ts';
import type { Appender } from './log/appender.ts';
import type { Tables } from './schema.ts';

/** What a read needs. `db` is inside a transaction, so that all its queries see one snapshot. */
export interface ReadContext {
  db: Kysely<Tables>;
  dialect: SqlDialect;
  epoch: string;
  /** The clock that decides what has expired, in milliseconds. */
  now: number;
}

/** What a write needs, in its own savepoint of a transaction. */
export interface WriteContext extends ReadContext {
  appender: Appender;
  /** What it has appended so far, in order. */
  events: LogEvent[];
  /** Absent where one process has the database to itself. */
  holder?: TicketHolder;
}

/** The process that tickets are held by. */
export interface TicketHolder {
  /** Above 0; no other living process has it. */
  readonly id: number;
  /** Whether the process of this number still runs. */
  lives(id: number): Promise<boolean>;
}

export type ReadOp<Name extends ReadName> = (
  context: ReadContext,
  input: Reads[Name]['in'],
) => Promise<Reads[Name]['out']>;
/** What many ask at once, answered together from one snapshot: an answer each, in their order. */
export type GroupOp<Name extends ReadName> = (
  context: ReadContext,
  inputs: readonly Reads[Name]['in'][],
) => Promise<Reads[Name]['out'][]>;
export type WriteOp<Name extends WriteName> = (
  context: WriteContext,
  input: Writes[Name]['in'],
) => Promise<Writes[Name]['out']>;

export type ReadOps = { [Name in ReadName]: ReadOp<Name> };
export type WriteOps = { [Name in WriteName]: WriteOp<Name> };
