import type { Cast } from '../cast.ts';
import type { Random } from '../random.ts';
import type { GatedFetch } from '../readers/gated-fetch.ts';
import { PollReader } from '../readers/poll-reader.ts';
import { RawReader } from '../readers/raw-reader.ts';
import type { Reader } from '../readers/reader.ts';
import { SdkReader } from '../readers/sdk-reader.ts';
import type { Target } from '../target.ts';
import { memberViewer, serviceViewer, type Viewer } from '../viewer.ts';
import type { Targets } from '../writer.ts';

/**
 * Half of them use the SDK, half read the bare stream, and every sixth of those polls. Each stays with one address. The
 * first readers of bare streams read through the gates, one each.
 */
export function crowdOf(
  targets: Targets,
  cast: Cast,
  random: Random,
  size: number,
  gates: readonly GatedFetch[] = [],
): Reader[] {
  return Array.from({ length: size }, (_, index) => {
    const own = random.fork(`reader ${index}`);
    const target = own.pick(targets);
    if (index % 2 === 0) return new SdkReader(target.url, viewerFor(target, cast, own, `sdk ${index}`), own);
    if (index % 12 === 1) return new PollReader(target.url, viewerFor(target, cast, own, `poll ${index}`), own);
    return new RawReader(target.url, viewerFor(target, cast, own, `raw ${index}`), own, gates[(index - 3) / 2]?.fetch);
  });
}

/** Mostly a person with all that is theirs; now and then one who asks for less, or a service that follows all. */
function viewerFor(target: Target, cast: Cast, random: Random, kind: string): Viewer {
  if (random.chance(0.06)) return serviceViewer(`${kind} (service)`, target);
  const member = random.pick(cast.members);
  const name = `${kind} (${member.user})`;
  // Everyone keeps `all`: the last thing published goes there and tells that the end has come.
  return random.chance(0.15)
    ? memberViewer(name, target, member, ['all', `user:${member.user}`])
    : memberViewer(name, target, member);
}
