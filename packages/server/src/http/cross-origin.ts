const NOTHING: Record<string, string> = {};

/** What browsers are told so that pages of the allowed origins can read answers. Without any, nothing. */
export class CrossOrigin {
  readonly #origins: readonly string[];

  constructor(origins: readonly string[]) {
    this.#origins = origins;
  }

  get isAllowed(): boolean {
    return this.#origins.length > 0;
  }

  /** `Vary` also for who sends no Origin, lest a cache keep that answer for a page. */
  headersFor(origin: string | null | undefined): Record<string, string> {
    if (!this.isAllowed) return NOTHING;
    const headers: Record<string, string> = {
      vary: 'Origin',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'Idempotent-Replayed,Retry-After,X-Request-Id',
    };
    if (typeof origin === 'string' && this.#origins.includes(origin)) headers['access-control-allow-origin'] = origin;
    return headers;
  }

  /** For OPTIONS, which a browser sends ahead. */
  preflightFor(origin: string | null | undefined): Record<string, string> {
    return {
      ...this.headersFor(origin),
      'access-control-max-age': '600',
      'access-control-allow-methods': 'GET,POST,PUT,PATCH,DELETE',
      'access-control-allow-headers': 'Authorization,Content-Type,Idempotency-Key,Last-Event-ID,Belfry-Tenant',
    };
  }
}
