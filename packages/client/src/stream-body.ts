import { errorOf, RequestError } from './request-error.ts';

/** What an answer streams. @throws RequestError for any other answer than an event stream. */
export async function streamOf(response: Response): Promise<ReadableStream<Uint8Array>> {
  if (!response.ok) throw await errorOf(response);
  const type = response.headers.get('content-type') ?? 'nothing';
  if (type.startsWith('text/event-stream') && response.body !== null) return response.body;
  response.body?.cancel().catch(() => {});
  const message = `The address answered with ${type}, not an event stream. Check the url.`;
  throw new RequestError('invalid', message, response.status);
}
