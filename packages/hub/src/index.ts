export { accessHash } from './access-hash.ts';
export { type Bus, type BusCounters, type BusListener, type BusObserver, noCounts, type Topic } from './bus.ts';
export { type ConnectionInfo, DEFAULT_SETTINGS, type HubObserver, type HubSettings } from './context.ts';
export type { HubCounts } from './counts.ts';
export { Hub, type HubOptions, type OpenStream } from './hub.ts';
export { localBus } from './local-bus.ts';
export { type RunStreamRequest, runStreamRequest } from './run/run-request.ts';
export type { Sink } from './sink.ts';
export { grantsOfPrincipal, narrowed, type StreamFilters, type StreamRequest, withRows } from './stream-request.ts';
