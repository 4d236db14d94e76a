import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon, freePort, spawnAs } from './daemon.ts';
import { nginxPath } from './programs.ts';
import { type Service, serviceOf } from './service.ts';

/** An nginx of its own for whoever calls. `serversOn` gives what would stand in /etc/nginx/conf.d, for its port. */
export async function startNginx(serversOn: (port: number) => string): Promise<Service> {
  const program = nginxPath();
  if (program === undefined) throw new Error('There is no nginx program on this machine.');
  const folder = mkdtempSync(join(tmpdir(), 'belfry-nginx-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const port = await freePort();
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, configuration(folder, serversOn(port)));
    const daemon = new Daemon(port, () => spawnAs(null, program, ['-p', folder, '-c', file, '-e', 'stderr']));
    await daemon.start();
    return {
      ...serviceOf(daemon, `http://127.0.0.1:${port}`),
      async dispose() {
        await daemon.dispose();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** One process, so that nothing of it outlives a kill. */
function configuration(folder: string, servers: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
    daemon off;
    master_process off;
    pid ${folder}/nginx.pid;
    error_log stderr;
    events { worker_connections 1024; }
    http {
      access_log off;
      ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n      ')}
      ${servers}
    }
  `;
}
