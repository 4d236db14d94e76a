export { type DemoParts, serveDemo } from './server/serve.ts';
export { type Supervisor, type SupervisorOptions, startSupervisor } from './supervisor/supervisor.ts';
