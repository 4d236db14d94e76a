// What TLS tells of comes at any time, also twice in one read, and from sockets that a library has let go of. An error that
// nobody hears ends the process: then this file fails, whatever its tests say.
import type { Socket } from 'node:net';
import { Member } from '@belfry/contract-tests/bus';
import { draft } from '@belfry/contract-tests/samples';
import {
  Authority,
  type Certificate,
  isMissing,
  NATS,
  OPENSSL,
  POSTGRES,
  REDIS,
  type Service,
  type ServiceKind,
  startNats,
  startPostgres,
  startRedis,
} from '@belfry/contract-tests/services';
import { openBus } from '@belfry/drivers/bus';
import { openPostgresStore } from '@belfry/drivers/postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DECODE_ERROR, GARBAGE, type Spoil, SpoilingProxy } from './support/spoiling-proxy.ts';

const SPOILS: Record<string, (piece: Buffer, client: Socket) => void> = {
  'garbage before it': (piece, client) => client.write(Buffer.concat([GARBAGE, piece])),
  'garbage after it': (piece, client) => client.write(Buffer.concat([piece, GARBAGE])),
  'an alert in its place': (_, client) => client.write(DECODE_ERROR),
  'half of it and an end': (piece, client) => client.end(piece.subarray(0, piece.length / 2)),
  'a reset after it': (piece, client) => client.write(piece, () => client.resetAndDestroy()),
};
/** By what a server says by TLS: its part of the handshake, and what comes then. */
const PLACES = [Object.keys(SPOILS), ['garbage after it', 'half of it and an end']];

/** Something of ours at the end of connections. */
interface Subject {
  /** Resolves once it has done something over a connection of after the call. */
  works(): Promise<void>;
  close(): Promise<void>;
}

interface Engine {
  kind: ServiceKind;
  what: string;
  /** How many pieces come in the clear, before TLS. */
  clear: number;
  start(certificate: Certificate): Promise<Service>;
  open(port: number, authority: string): Promise<Subject>;
}

const ENGINES: Engine[] = [
  {
    kind: REDIS,
    what: 'a bus on Redis',
    clear: 0,
    start: (certificate) => startRedis([], certificate),
    open: (port, file) => bus(`rediss://127.0.0.1:${port}?sslrootcert=${file}`),
  },
  {
    kind: NATS,
    what: 'a bus on NATS',
    clear: 1,
    start: (certificate) => startNats([], certificate),
    open: (port, file) => bus(`tls://127.0.0.1:${port}?sslrootcert=${file}`),
  },
  {
    kind: POSTGRES,
    what: 'a bus on Postgres',
    clear: 1,
    start: (certificate) => startPostgres({ certificate }),
    open: (port, file) => bus('postgres', databaseUrl(port, file)),
  },
  {
    kind: POSTGRES,
    what: 'a store on Postgres',
    clear: 1,
    start: (certificate) => startPostgres({ certificate }),
    open: (port, file) => store(databaseUrl(port, file)),
  },
];

function databaseUrl(port: number, file: string): string {
  return `postgres://belfry:secret@127.0.0.1:${port}/postgres?sslmode=verify-full&sslrootcert=${file}`;
}

/** Two members of one bus: what one says goes over its connection to the server, and back over that of the other. */
async function bus(url: string, databaseUrl?: string): Promise<Subject> {
  const harness = {
    open: (to: string, options: Parameters<typeof openBus>[1]) => openBus(to, { ...options, databaseUrl }),
  };
  const one = await Member.open(harness, url);
  const two = await Member.open(harness, url).catch(async (error: unknown) => {
    await one.bus.close();
    throw error;
  });
  let n = 0;
  await Promise.all([one, two].map((member) => member.bus.follow({ tenant: 'a' })));
  return {
    async works() {
      const first = n + 1;
      const say = setInterval(() => {
        n += 1;
        one.publish('a', n);
        two.publish('a', n);
      }, 10);
      const hears = (member: Member) =>
        member.until(() => member.numbers('a').some((heard) => heard >= first), 'a word');
      await Promise.all([hears(one), hears(two)]).finally(() => clearInterval(say));
    },
    close: async () => void (await Promise.all([one.bus.close(), two.bus.close()])),
  };
}

async function store(url: string): Promise<Subject> {
  const opened = await openPostgresStore({ url });
  const publish = () => opened.commit('publish', { tenant: 'a', drafts: [draft()] });
  return {
    works: () => expect.poll(() => publish().then(String, () => 'lost'), { interval: 10 }).not.toBe('lost'),
    close: () => opened.close(),
  };
}

for (const { kind, what, clear, start, open } of ENGINES) {
  describe.skipIf(isMissing(OPENSSL) || isMissing(kind))(what, () => {
    const closers: (() => unknown)[] = [];
    let authority: Authority;
    let engine: Service;
    beforeAll(async () => {
      authority = new Authority();
      engine = await start(authority.certificate('IP:127.0.0.1'));
    });
    afterEach(async () => {
      for (const close of closers.splice(0).reverse()) await close();
    });
    afterAll(async () => {
      await engine?.dispose();
      authority?.dispose();
    });

    async function proxyTo(port: number): Promise<SpoilingProxy> {
      const proxy = await SpoilingProxy.start(port);
      closers.push(() => proxy.close());
      return proxy;
    }

    it('is back after whatever comes with each of the first things that a server says', async () => {
      const proxy = await proxyTo(engine.port);
      const subject = await open(proxy.port, authority.file);
      closers.push(() => subject.close());
      for (const [place, names] of PLACES.entries()) {
        for (const name of names) {
          const played = proxy.spoilOnce(clear + place, SPOILS[name] as (typeof SPOILS)[string]);
          proxy.cut();
          await Promise.all([subject.works(), played]).catch((error: Error) => {
            throw new Error(`${name}, piece ${place}: ${error.message}`);
          });
          await subject.works();
        }
      }
    });

    it('closes while garbage comes with the last answers', async () => {
      const proxy = await proxyTo(engine.port);
      const subject = await open(proxy.port, authority.file);
      proxy.spoil = withGarbage;
      await subject.close();
    });

    it('is refused where more comes with a certificate that it does not trust', async () => {
      const other = new Authority();
      closers.push(() => other.dispose());
      const proxy = await proxyTo(engine.port);
      proxy.spoil = (piece, nth, client) => (nth < clear ? client.write(piece) : withGarbage(piece, nth, client));
      await expect(open(proxy.port, other.file)).rejects.toThrow();
    });
  });
}

const withGarbage: Spoil = (piece, _, client) => client.write(Buffer.concat([piece, GARBAGE]));
