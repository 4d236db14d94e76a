import { type Agent, request } from 'node:http';

export interface Answer {
  status: number;
  body: string;
}

export interface Post {
  /** POST without it. */
  method?: 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers: Record<string, string>;
  body: unknown;
  signal: AbortSignal;
  /** How long nothing may come. Five seconds without it. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 5_000;

/**
 * One request with JSON over the given agent. Rejects where there was no whole answer.
 * Not `fetch`: its pool can't be closed, and would keep a stopped supervisor alive for seconds.
 */
export function post(agent: Agent, { method, url, headers, body, signal, timeoutMs }: Post): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      agent,
      method: method ?? 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      timeout: timeoutMs ?? TIMEOUT_MS,
      signal,
    };
    const sent = request(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      response.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}
