export { type Supervisor, type SupervisorOptions, startSupervisor } from './supervisor/supervisor.ts';
