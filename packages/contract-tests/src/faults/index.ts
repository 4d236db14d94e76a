export { runsOnly } from './runs-only.ts';
export { type Target, TcpProxy, type Way } from './tcp-proxy.ts';
