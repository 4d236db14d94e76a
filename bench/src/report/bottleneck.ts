import { type CaseResult, spreadOf } from './results.ts';

/** From here on the generator may be what holds a server up, in percent of its core. */
const NEAR_FULL = 90;

/** Warns where the generator was busy enough to have been the bottleneck. */
export function saturationLines({ rounds }: CaseResult): string[] {
  const busy = [...rounds].filter(([, figures]) => (spreadOf(figures, 'generatorBusy')?.median ?? 0) >= NEAR_FULL);
  if (busy.length === 0) return [];
  const names = busy.map(([name]) => name).join(', ');
  return [
    `**The generator was the bottleneck** with ${names}: more a second and shorter times may be in it than stand there.`,
    '',
  ];
}
