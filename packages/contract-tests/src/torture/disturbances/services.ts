import { once } from 'node:events';
import { connect } from 'node:net';
import type { Service } from '../../services/index.ts';
import { pause } from '../pause.ts';
import type { Random } from '../random.ts';
import type { Disturbance, Draw } from './disturbance.ts';

/** Sessions are told, and open transactions undone. */
export const restartFast: Draw = ({ cluster }, random) =>
  restart('Postgres', 'restarted fast', cluster.postgres, 'SIGINT', random);

/** As after a power cut: nobody is told anything, and it recovers from its log. */
export const restartImmediate: Draw = ({ cluster }, random) =>
  restart('Postgres', 'restarted at once', cluster.postgres, 'SIGQUIT', random);

export const restartBus: Draw = ({ cluster }, random) => {
  const signal = random.pick(['SIGTERM', 'SIGKILL'] as const);
  return restart(cluster.bus, `restarted by ${signal}`, cluster.busService as Service, signal, random);
};

/** All that is in Redis is thrown away. */
export const flushRedis: Draw = ({ cluster }) => ({
  at: cluster.bus,
  how: 'redis is flushed',
  async run() {
    const socket = connect(cluster.busService?.port as number, '127.0.0.1');
    socket.write('FLUSHALL\r\n');
    await once(socket, 'data');
    socket.destroy();
  },
});

function restart(at: string, what: string, service: Service, signal: NodeJS.Signals, random: Random): Disturbance {
  const downMs = random.int(0, 3_000);
  return {
    at,
    how: `${at} is ${what} and stays away for ${downMs} ms`,
    async run() {
      await service.stop(signal);
      await pause(downMs);
      await service.start();
    },
  };
}
