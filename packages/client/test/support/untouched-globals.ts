// Run as a process of its own: watches the globals while the client is imported and created, then while it starts.
const NAMES = [
  'fetch',
  'document',
  'navigator',
  'addEventListener',
  'localStorage',
  'BroadcastChannel',
  'location',
  'crypto',
];
const touched: string[] = [];

for (const name of NAMES) {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, {
    configurable: true,
    get: () => {
      touched.push(name);
      return descriptor?.get?.call(globalThis) ?? descriptor?.value;
    },
  });
}

const { createBelfry } = await import('../../src/index.ts');
const { createPublisher } = await import('../../src/publisher/index.ts');
createPublisher({ url: 'http://127.0.0.1:1', apiKey: 'k' });
const belfry = createBelfry({ url: 'http://127.0.0.1:1', token: 't', device: 'd' });
belfry.inbox.getSnapshot();
const before = [...touched];
touched.length = 0;
belfry.onError(() => {
  belfry.stop();
  console.log(JSON.stringify({ before, started: touched.filter((name) => name === 'fetch') }));
});
belfry.start();

export {};
