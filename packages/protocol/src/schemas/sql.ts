import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { later, made } from './later.ts';
import { userName } from './membership.ts';
import { absentOr, text } from './text.ts';

/** A person in whose name an application acts by SQL. */
export const sqlPerson = later(() =>
  z
    .strictObject({ user: made(userName), name: absentOr(text(LIMITS.title)) })
    .transform(({ user, name }) => ({ user, name: name ?? null })),
);
