export { type BusOptions, openBus } from './open.ts';
