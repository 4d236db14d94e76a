import { BelfryError, isGrant, isName } from '@belfry/protocol';

export interface Who {
  tenant: string;
  user: string;
}

/** What an app itself says that a person holds, beyond their own channel and `all`. */
export interface AppAnswer {
  roles: readonly string[];
  /** Channels and `topic:` prefixes ending in `*`. */
  channels: readonly string[];
}

/** Asked for one person. Null: they may not be here at all. It may throw; then the request or stream is told to retry. */
export type AskApp = (who: Who) => Promise<AppAnswer | null> | AppAnswer | null;

/**
 * What went wrong there is the app's own affair: who asked is told to come again, and the log has the cause.
 *
 * @throws BelfryError `unavailable`, also where the answer is none: of half of one nobody gets anything.
 */
export async function answerOf(ask: AskApp, who: Who): Promise<AppAnswer | null> {
  try {
    const answer = await ask(who);
    if (answer !== null) assertAnswer(answer);
    return answer;
  } catch (cause) {
    if (cause instanceof BelfryError) throw cause;
    const message = 'What you may see can’t be looked up right now. Try again in a moment.';
    throw new BelfryError('unavailable', message, { cause, retryAfter: 1 });
  }
}

/** Of an app without types; a text in place of a list, for one, would be taken letter by letter. */
function assertAnswer(answer: unknown): void {
  if (typeof answer !== 'object') throw slip('an object, or null for who may not be here');
  const { roles, channels } = answer as Partial<Record<keyof AppAnswer, unknown>>;
  if (!isListOf(isName, roles)) throw slip('`roles`, a list of names');
  if (!isListOf(isGrant, channels)) throw slip('`channels`, a list of channels and of topic: prefixes that end in *');
}

function isListOf(isOne: (text: string) => boolean, list: unknown): boolean {
  return Array.isArray(list) && list.every((one) => typeof one === 'string' && isOne(one));
}

function slip(wanted: string): Error {
  return new TypeError(`access() must answer ${wanted}.`);
}
