import type { Random } from './random.ts';
import type { Member } from './target.ts';

const ROLES = ['editor', 'admin', 'support'];
const TOPICS = ['topic:products/1', 'topic:products/2', 'topic:boards/a', 'topic:boards/b', 'topic:news'];
const GRANTS = ['topic:products/*', 'topic:boards/a', 'topic:news', 'topic:*'];

/** Who there is to write to, and where things can be sent. */
export interface Cast {
  members: readonly Member[];
  channels: readonly string[];
}

export function castOf(random: Random, size: number): Cast {
  const members = Array.from({ length: size }, (_, index) => ({
    user: `person-${index}`,
    roles: ROLES.filter(() => random.chance(0.4)),
    channels: GRANTS.filter(() => random.chance(0.3)),
  }));
  const own = members.map(({ user }) => `user:${user}`);
  return { members, channels: ['all', ...ROLES.map((role) => `role:${role}`), ...TOPICS, ...own] };
}

/** One to four channels; mostly one. */
export function drawAddress(random: Random, { members, channels }: Cast): string[] {
  const some = random.chance(0.7) ? 1 : random.int(2, 4);
  const one = () => (random.chance(0.4) ? `user:${random.pick(members).user}` : random.pick(channels));
  return [...new Set(Array.from({ length: some }, one))];
}
