import type { Topic } from '@belfry/hub';

/** Of the messages themselves: processes that speak different ones do not hear each other, and go by the heads. */
const VERSION = 1;

/**
 * What a topic is called on an engine that other databases and other programs use too. Four or five tokens between
 * dots, of letters, digits, `-` and `=` only: good as a NATS subject and as a Redis channel.
 */
export function subjectOf(place: string, { tenant, run }: Topic): string {
  const subject = `belfry.${VERSION}.${token(place)}.${token(tenant)}`;
  return run === undefined ? subject : `${subject}.${token(run)}`;
}

/** In nobody's way: no tenant's token begins like this. */
export function probeOf(place: string): string {
  return `belfry.${VERSION}.${token(place)}.=probe`;
}

/** An unquoted name on Postgres, of at most 63 characters. */
export function notifyChannelOf(place: string): string {
  return `belfry_${VERSION}_${place.replaceAll(/[^0-9a-z]/g, '')}`;
}

/** Like percent-encoding, with `=`, for whatever has a meaning in a subject. Different texts stay different. */
function token(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9-]/gu, (character) => {
    const bytes = [...Buffer.from(character)];
    return bytes.map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  });
}
