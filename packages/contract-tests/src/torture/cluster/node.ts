import type { HubSettings } from '@belfry/hub';
import { TcpProxy } from '../../faults/index.ts';
import type { Mistake } from '../server/order.ts';
import { ServerProcess } from '../server/server-process.ts';
import type { BusKind } from './bus-kind.ts';
import { through } from './through.ts';

export interface NodeOptions {
  name: string;
  /** Where the services themselves are. */
  databaseUrl: string;
  bus: BusKind;
  busUrl: string;
  apiKey: string;
  jwtSecret: string;
  hub: Partial<HubSettings>;
  mistakes?: readonly Mistake[];
  /** Its bus brings nothing but what is said of runs. */
  runsOnly?: boolean;
}

/** While the database is away it can't start. */
const START_MS = 45_000;

/** One Belfry of several, and the links by which it reaches what it needs. */
export class Node {
  readonly name: string;
  readonly server: ServerProcess;
  /** To the database. */
  readonly database: TcpProxy;
  /** To the bus; where that is Postgres too, a link of its own. */
  readonly bus: TcpProxy;

  static async open(options: NodeOptions): Promise<Node> {
    const database = await TcpProxy.start({ port: portOf(options.databaseUrl) });
    const bus = await TcpProxy.start({ port: portOf(options.busUrl) });
    return new Node(options, database, bus);
  }

  private constructor(options: NodeOptions, database: TcpProxy, bus: TcpProxy) {
    const { name, databaseUrl, bus: kind, busUrl, runsOnly = false, ...rest } = options;
    this.name = name;
    this.database = database;
    this.bus = bus;
    const url = through(busUrl, bus.port);
    const busOrder = { setting: kind === 'postgres' ? kind : url, databaseUrl: url, runsOnly };
    this.server = new ServerProcess({
      database: { url: through(databaseUrl, database.port) },
      bus: busOrder,
      ...rest,
    });
  }

  start(): Promise<void> {
    return this.server.startInTheEnd(START_MS);
  }

  heal(): void {
    this.database.heal();
    this.bus.heal();
  }

  async close(): Promise<void> {
    await this.server.dispose();
    await Promise.all([this.database.close(), this.bus.close()]);
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
