import { afterEach } from 'vitest';
import { TcpProxy } from '../faults/index.ts';
import type { BusHarness, SharedEngine } from './harness.ts';
import { Member, type Opened } from './member.ts';

/** Makes members and proxies for the tests around, and closes them after each. */
export function members(harness: BusHarness, engine: SharedEngine) {
  const opened: Member[] = [];
  const proxies: TcpProxy[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(({ bus }) => bus.close()));
    await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
  });
  const open = async (url: string, options?: Opened) => {
    const member = await Member.open(harness, url, options);
    opened.push(member);
    return member;
  };
  return {
    member: (options?: Opened) => open(engine().url, options),
    /** One whose connections go through a proxy. */
    async proxied(options?: Opened): Promise<{ member: Member; proxy: TcpProxy }> {
      const proxy = await TcpProxy.start({ port: engine().port });
      proxies.push(proxy);
      return { proxy, member: await open(throughPort(engine().url, proxy.port), options) };
    },
  };
}

export type Members = ReturnType<typeof members>;

export function throughPort(url: string, port: number): string {
  const through = new URL(url);
  through.port = String(port);
  return through.href;
}
