'use client';
import { type Belfry, type BelfryOptions, createBelfry } from '@belfry/client';
import type { ReactNode } from 'react';
import { Provided, type ProvidedProps } from './provided.tsx';
import { useClient } from './use-client.ts';

/**
 * Either where Belfry is and who is asking, or a client that is made already. A client that you have started yourself is
 * left running; any other is started and stopped here.
 */
export type BelfryProviderProps = ProvidedProps &
  ((BelfryOptions & { client?: never }) | ({ client: Belfry } & { [Option in keyof BelfryOptions]?: never }));

/** Connects once for everything below it. Rendered on a server it does nothing. */
export function BelfryProvider(props: BelfryProviderProps): ReactNode {
  const { children, appearance, localization, client: ready, ...options } = props;
  const client = useClient(createBelfry, ready, ready === undefined ? (options as BelfryOptions) : undefined);
  return <Provided {...{ children, appearance, localization, client }} />;
}
