import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { userName } from './membership.ts';
import { absentOr, text } from './text.ts';

/** A person in whose name an application acts by SQL. */
export const sqlPerson = z
  .strictObject({ user: userName, name: absentOr(text(LIMITS.title)) })
  .transform(({ user, name }) => ({ user, name: name ?? null }));
