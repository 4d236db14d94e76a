export type { Person, Principal, Retention, Service } from '@belfry/core';
export type { HubSettings } from '@belfry/hub';
export type { AuthSettings } from './auth/default-resolver.ts';
export type { JwtSettings } from './auth/jwt.ts';
export type { PrincipalResolver } from './auth/principal-resolver.ts';
export { type Log, SILENT } from './log.ts';
export type { Sender, SendOptions } from './sender.ts';
export { type BelfryServer, createServer, type ServerOptions } from './server.ts';
export { VERSION } from './version.ts';
