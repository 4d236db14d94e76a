import { RequestError } from '@belfry/client';
import { ERROR_STATUS, type Problem, quote } from '@belfry/protocol';
import { UsageError } from './terminal.ts';

/** A running Belfry and the credential for it. */
export interface Remote {
  url: string;
  token: string;
  headers: Record<string, string>;
}

/** The arguments that every command with a server has. */
export const remoteArgs = {
  url: { type: 'string', description: "Belfry's address (BELFRY_URL, or http://127.0.0.1:4400)", valueHint: 'url' },
  tenant: { type: 'string', description: 'The tenant (BELFRY_TENANT, or default)', valueHint: 'name' },
} as const;

/**
 * The server and the credential to use. Credentials come from the environment only: what stands in a command line is
 * there for every user of the machine to see.
 */
export function remoteFrom(
  args: { url?: string | undefined; tenant?: string | undefined },
  env: NodeJS.ProcessEnv,
  allowToken = false,
): Remote {
  const url = args.url || env.BELFRY_URL || `http://127.0.0.1:${env.BELFRY_PORT || 4400}`;
  checkUrl(url);
  const tenant = args.tenant ?? env.BELFRY_TENANT;
  const personal = allowToken ? env.BELFRY_TOKEN : undefined;
  const token = personal || env.BELFRY_API_KEY;
  if (!token) {
    const choice = allowToken ? 'BELFRY_TOKEN to follow as a person, or BELFRY_API_KEY as a service' : 'BELFRY_API_KEY';
    throw new UsageError(`No credential: set ${choice}.`);
  }
  return { url, token, headers: tenant === undefined || personal ? {} : { 'Belfry-Tenant': tenant } };
}

function checkUrl(url: string): void {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new UsageError(`--url must be an http(s) address; it is ${quote(url)}.`);
  }
  if (/\/v1\/*$/.test(url)) throw new UsageError('--url: give it without /v1.');
}

/**
 * A call that the client has no method for, once; answers its JSON, null for an empty answer.
 *
 * @throws RequestError as the client does: what the server said, or with status 0 that nobody answered.
 */
export async function callRemote({ url, token }: Remote, method: string, path: string, body?: unknown) {
  const init: RequestInit = { method, headers: { authorization: `Bearer ${token}` } };
  if (body !== undefined) init.body = JSON.stringify(body);
  const response = await fetch(url.replace(/\/+$/, '') + path, init).catch((cause: unknown) => {
    throw new RequestError('unavailable', `Belfry at ${url} could not be reached${codeOf(cause)}.`, 0, { cause });
  });
  const text = await response.text();
  if (!response.ok) throw refusal(response.status, text, url);
  return text === '' ? null : JSON.parse(text);
}

/** Node says why a request failed in the cause of its error. */
function codeOf(error: unknown): string {
  const { code } = ((error as Error | null)?.cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? ` (${code})` : '';
}

/** What a server said, or whatever stands before it: a proxy's page is no problem+json. */
function refusal(status: number, text: string, url: string): RequestError {
  try {
    const problem = JSON.parse(text) as Problem;
    if (problem.code in ERROR_STATUS) return new RequestError(problem.code, problem.detail, status, { problem });
  } catch {
    // Said below.
  }
  return new RequestError(
    'unavailable',
    `${url} answered ${status}, and not as Belfry does. Check the address.`,
    status,
  );
}
