import { useNotifications } from '@belfry/react';
import { useLayoutEffect } from 'react';
import type { Person } from '../../src/wire.ts';
import { useStillDemo } from './use-demo.ts';

/** Notes when each message stood on the page. It stands after the list, so that the list is there when it looks. */
export function NoteShown({ person }: { person: Person }): null {
  const { shown, config } = useStillDemo();
  const { notifications } = useNotifications();
  useLayoutEffect(() => shown.note(person, notifications, config.run));
  return null;
}
