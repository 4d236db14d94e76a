import * as z from 'zod';
import { to } from './address.ts';
import { customEventType } from './custom-event-type.ts';
import { data } from './data.ts';
import { later } from './later.ts';

/** The body of `POST /v1/events`: an app's own event. */
export const newEvent = later(() =>
  z.strictObject({
    to: to.describe('user:<id>, all, role:<name>, topic:<name>, or a list'),
    type: customEventType(),
    data: data(),
  }),
);

export type NewEvent = z.output<typeof newEvent>;
