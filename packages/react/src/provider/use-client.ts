import type { BelfryOptions, Client, Token } from '@belfry/client';
import { useEffect, useRef, useState } from 'react';
import { keepRunning } from './running.ts';

/**
 * One client for as long as the options say the same. Functions may be new at each render: the latest is called. A token
 * given by value is another principal's for all we know, so another one makes another client.
 */
export function useClient<Made extends Client>(
  create: (options: BelfryOptions) => Made,
  ready: Made | undefined,
  options: BelfryOptions | undefined,
): Made {
  const token = useRef(options?.token);
  useEffect(() => {
    token.current = options?.token;
  });
  const identity = ready ? '' : JSON.stringify(options ?? {});
  const make = () => ({ client: ready ?? create(withLatest(options, token)), identity });
  const [made, setMade] = useState(make);
  const isStale = made.identity !== identity || (ready !== undefined && made.client !== ready);
  const current = isStale ? make() : made;
  if (isStale) setMade(current);

  const { client } = current;
  useEffect(() => keepRunning(client), [client]);
  return client;
}

function withLatest(options: BelfryOptions | undefined, token: { current: Token | undefined }): BelfryOptions {
  if (options === undefined) throw new Error('<BelfryProvider> needs a `url`, or a `client` that is made already.');
  const given = options.token;
  if (typeof given !== 'function') return options;
  return { ...options, token: () => (typeof token.current === 'function' ? token.current() : given()) };
}
