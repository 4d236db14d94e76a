import { randomBytes } from 'node:crypto';
import { type notificationShape, serviceNotificationShape } from '@belfry/protocol/schemas';
import { expect } from 'vitest';
import { Caller } from './caller.ts';
import type { HttpHarness } from './harness.ts';

export type Sent = ReturnType<typeof serviceNotificationShape.parse>;
export type Item = ReturnType<typeof notificationShape.parse>;

/** A tenant of its own for each test, so that tests on one server do not meet. */
export class World {
  readonly harness: HttpHarness;
  readonly tenant: string;
  readonly service: Caller;

  constructor(harness: HttpHarness) {
    this.harness = harness;
    this.tenant = `t-${randomBytes(6).toString('hex')}`;
    this.service = this.keyed(harness.apiKey);
  }

  /** With an API key, in this tenant. */
  keyed(secret: string): Caller {
    return this.anyone.with({ authorization: `Bearer ${secret}`, 'belfry-tenant': this.tenant });
  }

  /** With nothing to show. */
  get anyone(): Caller {
    return new Caller(this.harness.url, {});
  }

  async person(user: string, claims: Record<string, unknown> = {}): Promise<Caller> {
    const token = await this.harness.tokenFor({ sub: user, tenant: this.tenant, ...claims });
    return this.anyone.with({ authorization: `Bearer ${token}` });
  }

  async send(to: string | string[], more: Record<string, unknown> = {}): Promise<Sent> {
    const answer = await this.service.post('/v1/notifications', { to, type: 'message', title: 'Hello', ...more });
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    return serviceNotificationShape.strict().parse(answer.body);
  }

  async emit(to: string | string[], type: string, data: unknown = null): Promise<string> {
    const answer = await this.service.post('/v1/events', { to, type, data });
    expect(answer.status, JSON.stringify(answer.body)).toBe(202);
    return (answer.body as { cursor: string }).cursor;
  }

  /** Everything the tenant's list of notifications holds, as ids, newest first. */
  async sentIds(): Promise<string[]> {
    const { body } = await this.service.get('/v1/notifications?limit=100');
    return (body as { items: Sent[] }).items.map(({ id }) => id);
  }

  /** A key of its own. */
  async key(scopes: string[], tenant: string | null = null): Promise<{ id: string; secret: string }> {
    const { body, status } = await this.service.post('/v1/admin/keys', { name: 'test', scopes, tenant });
    expect(status).toBe(201);
    const { key, secret } = body as { key: { id: string }; secret: string };
    return { id: key.id, secret };
  }
}
