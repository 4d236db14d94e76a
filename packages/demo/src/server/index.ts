export { type DemoParts, serveDemo } from './serve.ts';
