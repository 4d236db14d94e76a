import type { Bus, BusListener } from '@belfry/hub';

/**
 * This bus, brought to hear of runs alone: all that is said in tenants' own logs is lost. So a run's event overtakes
 * what was committed before it by another process, each time.
 */
export function runsOnly(bus: Bus): Bus {
  const listen = bus.listen.bind(bus);
  bus.listen = ({ onEvents, onWake, onReconnect }: BusListener) =>
    listen({
      onEvents: (events) => onEvents(events.filter(({ run }) => run !== undefined)),
      onWake: (topic, n) => {
        if (topic.run !== undefined) onWake(topic, n);
      },
      onReconnect,
    });
  return bus;
}
