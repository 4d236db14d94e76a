import { get, type IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import { Caller } from '@belfry/contract-tests/http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { API_KEY, startServer, type TestServer, tokenFor } from './support/start.ts';
import { until } from './support/until.ts';

/** More than a piece that travels as it is, and more than deflate's window. */
const LONG = Array.from({ length: 3_900 }, (_, at) => String.fromCharCode(97 + ((at * at) % 23))).join('');

describe('a compressed stream', () => {
  let test: TestServer;
  beforeEach(async () => {
    test = await startServer({ compression: 'on', corsOrigins: ['https://app.example'], hub: { heartbeatMs: 100 } });
  });
  afterEach(() => test?.stop());

  async function open(accept: string | undefined, headers: Record<string, string> = {}): Promise<IncomingMessage> {
    const authorization = `Bearer ${await tokenFor({ sub: 'ada' })}`;
    const coding = accept === undefined ? {} : { 'accept-encoding': accept };
    return new Promise((resolve, reject) => {
      get(`${test.url}/v1/stream`, { headers: { authorization, ...coding, ...headers } }, resolve).on('error', reject);
    });
  }

  const note = (title: string, body: string) => ({ to: 'user:ada', type: 'm', title, body });
  const post = (path: string, body: object) =>
    new Caller(test.url, { authorization: `Bearer ${API_KEY}` }).post(`/v1/notifications${path}`, body);

  it('D7: is the same text, each event at once, and a whole gzip at its end', async () => {
    await post('/batch', { notifications: Array.from({ length: 20 }, (_, at) => note(`before ${at}`, LONG)) });
    const [packed, plain] = await Promise.all([open('br, gzip;q=0.8'), open('identity')]);
    expect(packed.headers).toMatchObject({
      'content-encoding': 'gzip',
      vary: expect.stringContaining('Accept-Encoding'),
    });
    expect(plain.headers['content-encoding']).toBeUndefined();
    const [text, same] = [new Text(packed.pipe(createGunzip())), new Text(plain)];
    let size = 0;
    packed.on('data', (piece: Buffer) => {
      size += piece.length;
    });
    await until(() => text.has('event: live'), 'live');
    // The state, with all of the texts in it.
    expect(size).toBeLessThan(text.text.length / 4);
    for (const [at, body] of ['short', LONG].entries()) {
      await post('', note(`live ${at}`, body));
      // While the stream is open: nothing holds it back.
      await until(() => text.has(`live ${at}`) && same.has(`live ${at}`), `event ${at}`);
    }
    await until(() => text.text.split('\n:').length > 2, 'two heartbeats');
    await test.server.stop();
    await Promise.all([text.ended, same.ended]);
    expect(text.has('event: closing')).toBe(true);
    expect(eventsOf(text.text)).toEqual(eventsOf(same.text));
  });

  it.each([
    [undefined, undefined],
    ['identity', undefined],
    ['gzip;q=0, *', undefined],
    ['*;q=0', undefined],
    ['deflate, br', undefined],
    ['GZIP', 'gzip'],
    ['*', 'gzip'],
    ['br;q=1, x-gzip;q=0.1', 'gzip'],
  ])('for Accept-Encoding: %s is coded as %s', async (accept, coding) => {
    const answer = await open(accept, { origin: 'https://app.example' });
    answer.resume();
    expect(answer.headers['content-encoding']).toBe(coding);
    expect(answer.headers.vary?.split(/, */).sort()).toEqual(['Accept-Encoding', 'Origin']);
    answer.destroy();
  });

  it('is what a fetch server answers too', async () => {
    const headers = { authorization: `Bearer ${await tokenFor({ sub: 'ada' })}`, 'accept-encoding': 'gzip' };
    const answer = await test.server.app.request('/v1/stream', { headers });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    const body = (answer.body as ReadableStream<Uint8Array<ArrayBuffer>>).pipeThrough(new DecompressionStream('gzip'));
    let text = '';
    for await (const piece of body.pipeThrough(new TextDecoderStream())) {
      text += piece;
      if (text.includes('event: live')) break;
    }
    expect(text).toContain('event: connected');
  });
});

it('streams are not compressed unless that is asked for', async () => {
  const test = await startServer();
  const headers = { authorization: `Bearer ${await tokenFor({ sub: 'ada' })}`, 'accept-encoding': 'gzip' };
  const answer = await fetch(`${test.url}/v1/stream`, { headers });
  expect(answer.headers.get('content-encoding')).toBeNull();
  expect(answer.headers.get('vary')).toBeNull();
  await answer.body?.cancel();
  await test.stop();
});

/** What has come so far, as text. */
class Text {
  text = '';
  readonly ended: Promise<void>;

  constructor(source: NodeJS.ReadableStream) {
    source.setEncoding('utf8');
    source.on('data', (piece: string) => {
      this.text += piece;
    });
    // A gzip that is cut short, or whose checksum is wrong, ends in an error.
    this.ended = new Promise((resolve, reject) => source.on('end', resolve).on('error', reject));
  }

  has(what: string): boolean {
    return this.text.includes(what);
  }
}

/** Of the log: what each connection is told of itself differs. */
function eventsOf(text: string): string[] {
  return text.split('\n\n').filter((block) => block.includes('"type":"notification.created"'));
}
