// What TLS tells of comes at any time, also twice in one read, and from sockets that a library has let go of. An error that
// nobody hears ends the process: then this file fails, whatever its tests say.
import { Member } from '@belfry/contract-tests/bus';
import { draft } from '@belfry/contract-tests/samples';
import { Authority, isMissing, OPENSSL, POSTGRES } from '@belfry/contract-tests/services';
import { openBus } from '@belfry/drivers/bus';
import { openPostgresStore } from '@belfry/drivers/postgres';
import { describe, expect, it } from 'vitest';
import type { BusSetting } from './support/bus-member.ts';
import { closingAfterEach } from './support/closing.ts';
import { PLACES, SPOILS, SpoilingProxy, withGarbage } from './support/spoiling-proxy.ts';
import { oneWithTls, TLS_ENGINES, type TlsEngine } from './support/tls-engines.ts';

/** Something of ours at the end of connections. */
interface Subject {
  /** Resolves once it has done something over a connection of after the call. */
  works(): Promise<void>;
  close(): Promise<void>;
}

interface Case {
  engine: TlsEngine;
  what: string;
  open(setting: BusSetting): Promise<Subject>;
}

const CASES: Case[] = [
  ...TLS_ENGINES.map((engine) => ({ engine, what: `a bus on ${engine.kind.name}`, open: bus })),
  ...TLS_ENGINES.filter(({ kind }) => kind === POSTGRES).map((engine) => ({
    engine,
    what: 'a store on Postgres',
    open: ({ databaseUrl }: BusSetting) => store(databaseUrl as string),
  })),
];

/** Two members of one bus: what one says goes over its connection to the server, and back over that of the other. */
async function bus({ bus: url, databaseUrl }: BusSetting): Promise<Subject> {
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

for (const { engine, what, open } of CASES) {
  const { kind, clear, setting } = engine;
  describe.skipIf(isMissing(OPENSSL) || isMissing(kind))(what, () => {
    const closing = closingAfterEach();
    const running = oneWithTls((authority) => engine.start(authority.certificate('IP:127.0.0.1')));

    async function proxyTo(port: number): Promise<SpoilingProxy> {
      const proxy = await SpoilingProxy.start(port);
      closing(() => proxy.close());
      return proxy;
    }

    it('is back after whatever comes with each of the first things that a server says', async () => {
      const proxy = await proxyTo(running.service.port);
      const subject = await open(setting(proxy.port, running.authority.file));
      closing(() => subject.close());
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
      const proxy = await proxyTo(running.service.port);
      const subject = await open(setting(proxy.port, running.authority.file));
      proxy.spoil = withGarbage;
      await subject.close();
    });

    it('is refused where more comes with a certificate that it does not trust', async () => {
      const other = new Authority();
      closing(() => other.dispose());
      const proxy = await proxyTo(running.service.port);
      proxy.spoil = (piece, nth, client) => (nth < clear ? client.write(piece) : withGarbage(piece, nth, client));
      await expect(open(setting(proxy.port, other.file))).rejects.toThrow();
    });
  });
}
