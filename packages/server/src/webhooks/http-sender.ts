import { request as httpRequest, type IncomingMessage } from 'node:http';
import { isIP, type LookupFunction } from 'node:net';
import type { WebhookAnswer, WebhookRequest, WebhookSender } from '@belfry/core';
import { VERSION } from '../version.ts';
import { answerText } from './answer-text.ts';
import { checkedLookup, PrivateAddress } from './checked-lookup.ts';
import { isPublicAddress } from './public-address.ts';

export interface WebhookSettings {
  /**
   * `allow`: webhooks may point at loopback, private and link-local addresses, so whoever may add one can make this
   * process send to whatever it reaches. Default `refuse`.
   */
  private?: 'allow' | 'refuse';
  /** For one request, all in all. Milliseconds; default 10,000, at most 30,000: others take over after 60 s. */
  timeoutMs?: number;
  /** How long after each failed try the next one is. Milliseconds; by default eleven tries over a day. */
  backOffMs?: readonly number[];
}

const TIMEOUT_MS = 10_000;
const MAX_TIMEOUT_MS = 30_000;

const PRIVATE =
  'points at a private address. Belfry sends to the internet only, unless BELFRY_WEBHOOK_PRIVATE is allow.';

/** Sends by Node's own client: no redirect is followed, no proxy is asked, no connection is shared. */
export class HttpSender implements WebhookSender {
  readonly #mayBePrivate: boolean;
  readonly #timeoutMs: number;
  readonly #lookup: LookupFunction;
  readonly #end = new AbortController();

  constructor(settings: WebhookSettings = {}, lookup: LookupFunction = checkedLookup()) {
    this.#mayBePrivate = settings.private === 'allow';
    this.#timeoutMs = Math.min(settings.timeoutMs ?? TIMEOUT_MS, MAX_TIMEOUT_MS);
    this.#lookup = lookup;
  }

  refusal(url: string): string | null {
    if (this.#mayBePrivate) return null;
    const host = hostOf(new URL(url));
    const isPrivate = isIP(host) === 0 ? isLocalName(host) : !isPublicAddress(host);
    return isPrivate ? PRIVATE : null;
  }

  async send(request: WebhookRequest): Promise<WebhookAnswer> {
    // Here too: an address that is no name is never looked up, and the setting may have changed since it was added.
    if (this.refusal(request.url) !== null) throw new Error(`The address ${PRIVATE}`);
    const signal = AbortSignal.any([this.#end.signal, AbortSignal.timeout(this.#timeoutMs)]);
    try {
      const answer = await this.#answerTo(request, signal);
      return await read(answer);
    } catch (error) {
      throw this.#told(error);
    }
  }

  close(): void {
    this.#end.abort();
  }

  async #answerTo({ url, headers, body }: WebhookRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const target = new URL(url);
    const start = await requestBy(target.protocol);
    const lookup = this.#mayBePrivate ? {} : { lookup: this.#lookup };
    const about = { 'content-type': 'application/json', 'user-agent': `Belfry/${VERSION}` };
    const length = { 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const options = { method: 'POST', agent: false, signal, headers: { ...about, ...length, ...headers }, ...lookup };
      const sent = start(target, options, resolve);
      sent.on('error', reject);
      // Node tells of a 101 by this alone, and leaves the connection to whoever listens.
      sent.on('upgrade', (answer, socket) => {
        socket.destroy();
        resolve(answer);
      });
      // However it ended: a send that never ends would hold its lane for good.
      sent.on('close', () => reject(Object.assign(new Error('It ended without an answer.'), { code: 'ECONNRESET' })));
      sent.end(body);
    });
  }

  #told(error: unknown): Error {
    if (error instanceof PrivateAddress) return new Error(`The host ${PRIVATE}`);
    const { code, name } = error as NodeJS.ErrnoException;
    if (this.#end.signal.aborted) return new Error('This process stopped while it was being sent.');
    if (name === 'TimeoutError' || name === 'AbortError') return new Error(`No answer within ${this.#timeoutMs} ms.`);
    return new Error(CAUSES[code ?? ''] ?? `The request failed (${code ?? name}).`);
  }
}

/** TLS is loaded with the first webhook that asks for it: 7 MB and 25 ms that no start should take. */
async function requestBy(protocol: string): Promise<typeof httpRequest> {
  return protocol === 'https:' ? (await import('node:https')).request : httpRequest;
}

const CAUSES: Record<string, string> = {
  ECONNREFUSED: 'The connection was refused: nothing listens there.',
  ECONNRESET: 'The connection was closed before an answer came.',
  ENOTFOUND: 'The host name can not be found.',
  EAI_AGAIN: 'The host name can not be looked up right now.',
  EHOSTUNREACH: 'The host can not be reached.',
  ETIMEDOUT: 'The host can not be reached.',
  CERT_HAS_EXPIRED: 'Its TLS certificate has expired.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'Its TLS certificate is signed by itself.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Its TLS certificate can not be verified: the chain is not complete.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Its TLS certificate is for another name.',
};

async function read(answer: IncomingMessage): Promise<WebhookAnswer> {
  const status = answer.statusCode ?? 0;
  try {
    // What a success says is nobody's to read, and may never end; behind a 101 there is nothing.
    if (status < 300) return { status, text: '' };
    return { status, text: await answerText(answer).catch(() => '') };
  } finally {
    answer.destroy();
  }
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/** Names that never leave the machine (RFC 6761); what others stand for is seen when they are looked up. */
function isLocalName(host: string): boolean {
  return /(^|\.)localhost\.?$/i.test(host);
}
