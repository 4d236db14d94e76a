export { Authority, type Certificate } from './certificates.ts';
export { startNats } from './nats.ts';
export { startNginx } from './nginx.ts';
export { startPostgres } from './postgres.ts';
export { findService, NATS, nginxPath, OPENSSL, POSTGRES, REDIS, type ServiceKind } from './programs.ts';
export { startRedis } from './redis.ts';
export { anyService, isMissing, type Service } from './service.ts';
