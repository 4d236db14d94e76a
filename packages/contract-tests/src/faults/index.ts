export { type Target, TcpProxy, type Way } from './tcp-proxy.ts';
