import { openPostgresStore } from '@belfry/drivers/postgres';
import type { HubSettings } from '@belfry/hub';
import { TcpProxy } from '../../faults/index.ts';
import { type Service, startPostgres } from '../../services/index.ts';
import { type Logged, readWholeLog } from '../log.ts';
import { API_KEY, JWT_SECRET } from '../scenarios/arena.ts';
import type { Mistake } from '../server/order.ts';
import type { Target } from '../target.ts';
import { type BusKind, startBus } from './bus-kind.ts';
import { Front } from './front.ts';
import { Node } from './node.ts';
import { through } from './through.ts';

export interface ClusterOptions {
  nodes: number;
  bus: BusKind;
  hub: Partial<HubSettings>;
  mistakes?: readonly Mistake[];
  /** Their buses bring nothing but what is said of runs. */
  runsOnly?: boolean;
}

const STOP_MS = 20_000;

/** Several Belfrys on one Postgres and one bus, with a link that can be harmed before each service. */
export class Cluster {
  readonly bus: BusKind;
  readonly nodes: Node[] = [];
  readonly postgres: Service;
  /** Null where the bus is Postgres. */
  readonly busService: Service | null;
  /** The application's own connections to the database. */
  readonly application: TcpProxy;
  #front: Front | null = null;

  static async open(options: ClusterOptions): Promise<Cluster> {
    const [postgres, busService] = await Promise.all([startPostgres(), startBus(options.bus)]);
    const application = await TcpProxy.start({ port: postgres.port });
    const cluster = new Cluster(options.bus, postgres, busService, application);
    try {
      await cluster.#start(options);
      return cluster;
    } catch (error) {
      await cluster.close();
      throw error;
    }
  }

  private constructor(bus: BusKind, postgres: Service, busService: Service | null, application: TcpProxy) {
    this.bus = bus;
    this.postgres = postgres;
    this.busService = busService;
    this.application = application;
  }

  /** By way of the front, and then each process by itself. */
  get targets(): [Target, ...Target[]] {
    const target = (url: string) => ({ url, apiKey: API_KEY, jwtSecret: JWT_SECRET });
    return [target(this.front.url), ...this.nodes.map(({ server }) => target(server.url))];
  }

  get front(): Front {
    return this.#front as Front;
  }

  get applicationUrl(): string {
    return through(this.postgres.url, this.application.port);
  }

  /** Ends every harm to the links. */
  heal(): void {
    for (const node of this.nodes) node.heal();
    this.application.heal();
  }

  /** Stops all processes; says which would not stop. */
  async stop(): Promise<string[]> {
    const complaints: string[] = [];
    await Promise.all(
      this.nodes.map(async ({ name, server }) => {
        if (!(await server.stopWithin(STOP_MS))) complaints.push(`${name} did not stop within ${STOP_MS} ms`);
      }),
    );
    return complaints;
  }

  async log(): Promise<Logged[]> {
    const store = await openPostgresStore({ url: this.postgres.url });
    try {
      return await readWholeLog(store);
    } finally {
      await store.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.close()));
    await Promise.all([this.#front?.close(), this.application.close()]);
    await Promise.all([this.postgres.dispose(), this.busService?.dispose()]);
  }

  async #start({ nodes, bus, hub, mistakes, runsOnly = false }: ClusterOptions): Promise<void> {
    const { url: databaseUrl } = this.postgres;
    const busUrl = this.busService?.url ?? databaseUrl;
    const shared = { databaseUrl, bus, busUrl, apiKey: API_KEY, jwtSecret: JWT_SECRET, hub, runsOnly };
    const wrong = mistakes === undefined ? {} : { mistakes };
    for (let count = 1; count <= nodes; count += 1)
      this.nodes.push(await Node.open({ ...shared, ...wrong, name: `belfry ${count}` }));
    await Promise.all(this.nodes.map((node) => node.start()));
    this.#front = await Front.start(this.nodes.map(({ server }) => server.port));
  }
}
