import type { Artifact } from '@belfry/protocol';
import type { ReactNode } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import { safeUrl } from '../links/safe-url.ts';
import { runWords } from '../localization/english/runs.ts';
import { useWords } from '../localization/use-words.ts';
import { useBelfry } from '../provider/use-belfry.ts';
import { sizeOf } from './size.ts';

/** The files that a run made, as links. Persons find them by an address of Belfry's own, which is a path there. */
export function Artifacts({ artifacts }: { artifacts: readonly Artifact[] }): ReactNode {
  const classes = useClasses();
  const { address } = useBelfry().host.requester;
  const { say, locale } = useWords(runWords);
  if (artifacts.length === 0) return null;
  return (
    <ul className={classes('runArtifacts')} aria-label={say('run.artifacts')}>
      {artifacts.map(({ name, url, size }) => (
        <li key={name}>
          <a href={safeUrl(url.startsWith('/') ? `${address}${url}` : url)} target="_blank" rel="noopener noreferrer">
            <bdi>{name}</bdi>
          </a>
          {size !== undefined && <span>{sizeOf(size, locale)}</span>}
        </li>
      ))}
    </ul>
  );
}
