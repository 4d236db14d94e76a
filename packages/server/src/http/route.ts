import type { Core, Idempotency, Principal } from '@belfry/core';
import type { Hub } from '@belfry/hub';
import { BelfryError, invalid, LIMITS } from '@belfry/protocol';
import { later, parseWith } from '@belfry/protocol/schemas';
import * as z from 'zod';
import type { Log } from '../log.ts';
import type { Traffic } from '../metrics/traffic.ts';
import type { Compression } from '../stream/compression.ts';
import type { Access } from './access.ts';
import { parseJson, requirePlain } from './body.ts';
import { idempotencyOf } from './idempotency.ts';
import type { RefusalLog } from './refusal-log.ts';
import type { Reply } from './reply.ts';
import type { ApiRequest } from './request.ts';

/** What a route's handler works with. */
export interface Services {
  core: Core;
  hub: Hub;
  log: Log;
  traffic: Traffic;
  refusals: RefusalLog;
  /** Whether streams are compressed for who takes that. */
  compression: Compression;
}

/** A checked request. */
export interface Call<Allowed extends Principal, Body, Query> extends Services {
  principal: Allowed;
  body: Body;
  query: Query;
  /** A part of the path, decoded. */
  param(name: string): string;
  /** Where the route creates something and the client sent an Idempotency-Key. */
  idempotency: Idempotency | undefined;
  /** Aborted when the client has gone before its answer. */
  readonly signal: AbortSignal;
}

export interface Answer {
  status: 200 | 201 | 202 | 204;
  /** Asked for only where there is no text of it. */
  readonly body?: unknown;
  /** The body as it is to be sent, in pieces, where it is at hand as text. */
  json?: readonly string[] | undefined;
  headers?: Record<string, string>;
}

export interface AnswerDoc {
  status: Answer['status'];
  description: string;
  schema?: z.ZodType;
}

type Out<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** One call of the API: what it takes, who may make it, what it answers, and what does it. */
export interface RouteSpec<
  Allowed extends Principal = Principal,
  Body extends z.ZodType | undefined = z.ZodType | undefined,
  Query extends z.ZodType | undefined = z.ZodType | undefined,
> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{name}` for its parts. */
  path: string;
  summary: string;
  tag: string;
  access: Access<Allowed>;
  /** Where the body says whether they may: throws `forbidden`. Its other faults come after, so it is as it came. */
  permits?(principal: Allowed, body: unknown): void;
  /** Without it none is taken, but for `{}`. */
  body?: Body;
  /** Bytes; 1 MB unless said otherwise. */
  bodyLimit?: number;
  /** Without it no name is known. */
  query?: Query;
  /** Takes an Idempotency-Key. */
  creates?: boolean;
  answer: AnswerDoc;
  handle(call: Call<Allowed, Out<Body>, Out<Query>>): Promise<Answer>;
}

/** A route whose types are settled: what the table of routes holds. */
export interface Route extends Omit<RouteSpec, 'handle' | 'access' | 'permits'> {
  accessLabel: string;
  run(request: ApiRequest, principal: Principal, services: Services): Promise<Reply>;
}

/**
 * The order is the contract's: who it is (401, before this), whether they may (403), how large it is (413), whether it
 * is as it was written (415) and right (400); what it is about (404 and on) is for the handler. What only the body can say
 * of 403 comes once the body can be read.
 */
export function route<
  Allowed extends Principal,
  Body extends z.ZodType | undefined = undefined,
  Query extends z.ZodType | undefined = undefined,
>(spec: RouteSpec<Allowed, Body, Query>): Route {
  const { access, permits, handle, ...rest } = spec;
  const { query = NO_QUERY, body = NO_BODY, bodyLimit = LIMITS.requestBytes } = spec;
  return {
    ...(rest as Omit<RouteSpec, 'handle' | 'access' | 'permits'>),
    accessLabel: access.label,
    async run(request, principal, services) {
      const allowed = access.check(principal);
      const bytes = await request.readBody(bodyLimit);
      if (bytes.length > 0) requirePlain(request.headers.get('content-encoding'));
      const json = parseJson(bytes);
      permits?.(allowed, json);
      const call = new CheckedCall<Allowed, Out<Body>, Out<Query>>(services, request, {
        principal: allowed,
        query: parseWith(query, eachOnce(request.query())) as Out<Query>,
        body: parseWith(body, json) as Out<Body>,
        idempotency: spec.creates === true ? idempotencyOf(request, principal, bytes) : undefined,
      });
      return toReply(await handle(call), request.id);
    },
  };
}

type Checked<Allowed extends Principal, Body, Query> = Pick<
  Call<Allowed, Body, Query>,
  'principal' | 'query' | 'body' | 'idempotency'
>;

/**
 * A class, because of its getters: the shape of an object that has one of its own may outlive it, with all that it reaches,
 * and so may that of one with a function of its own.
 */
class CheckedCall<Allowed extends Principal, Body, Query> implements Call<Allowed, Body, Query> {
  readonly core: Core;
  readonly hub: Hub;
  readonly log: Log;
  readonly traffic: Traffic;
  readonly refusals: RefusalLog;
  readonly compression: Compression;
  readonly principal: Allowed;
  readonly query: Query;
  readonly body: Body;
  readonly idempotency: Idempotency | undefined;
  readonly #request: ApiRequest;

  constructor(services: Services, request: ApiRequest, checked: Checked<Allowed, Body, Query>) {
    this.core = services.core;
    this.hub = services.hub;
    this.log = services.log;
    this.traffic = services.traffic;
    this.refusals = services.refusals;
    this.compression = services.compression;
    this.principal = checked.principal;
    this.query = checked.query;
    this.body = checked.body;
    this.idempotency = checked.idempotency;
    this.#request = request;
  }

  /** Not a method: routes take it off the call. */
  get param(): (name: string) => string {
    const request = this.#request;
    return (name) => idIn(request.param(name));
  }

  get signal(): AbortSignal {
    return this.#request.signal;
  }
}

/** What is sent where nothing is taken was meant for another call, or misspelt: to pass it over would hide that. */
const NO_QUERY = later(() => z.strictObject({}));
const NO_BODY = later(() => z.strictObject({}).optional());

/** To take one of two values would hide that the other was meant as well. */
function eachOnce(query: Record<string, string[]>): Record<string, string> {
  const once = Object.entries(query).map(([name, values]) => {
    if (new Set(values).size === 1) return [name, values[0]];
    throw invalid(name, `${name} has several values. Give it once; where it takes several, as a comma list.`);
  });
  return Object.fromEntries(once);
}

/** No id of ours holds a NUL, and an engine may be unable to look for one. */
function idIn(text: string): string {
  if (text.includes('\0')) throw new BelfryError('not_found', 'There is nothing with such an id.');
  return text;
}

/** What is one person's must not stay in a cache on the way. */
function toReply(answer: Answer, id: string): Reply {
  const { status, json, headers: more } = answer;
  const headers: Record<string, string> = { 'cache-control': 'no-store', 'x-request-id': id, ...more };
  if (status === 204) return { status, headers, body: null };
  headers['content-type'] = 'application/json';
  return { status, headers, body: json ?? JSON.stringify(answer.body) };
}

export function replayHeader(replayed: boolean): Record<string, string> {
  return replayed ? { 'idempotent-replayed': 'true' } : {};
}
