import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { notifyChannelOf, subjectOf } from '../src/bus/names.ts';

const name = fc.oneof(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._~@|+:-]{0,199}$/), fc.string(), fc.constant('a.b'));

describe('the name of a topic', () => {
  it('is a legal NATS subject and a plain Redis channel, whatever the tenant is called', () => {
    fc.assert(
      fc.property(name, name, (tenant, run) => {
        expect(subjectOf('k3x9a2', { tenant })).toMatch(/^belfry\.1\.k3x9a2(\.[A-Za-z0-9=-]*){1}$/);
        expect(subjectOf('k3x9a2', { tenant, run })).toMatch(/^belfry\.1\.k3x9a2(\.[A-Za-z0-9=-]*){2}$/);
      }),
    );
  });

  it('is different for different databases, tenants and runs', () => {
    fc.assert(
      fc.property(name, name, name, name, (tenant, other, run, place) => {
        const subjects = [
          subjectOf('e', { tenant }),
          subjectOf('e', { tenant, run }),
          ...(tenant === other ? [] : [subjectOf('e', { tenant: other }), subjectOf('e', { tenant: other, run })]),
          ...(place === 'e' ? [] : [subjectOf(place, { tenant })]),
        ];
        expect(new Set(subjects).size).toBe(subjects.length);
      }),
    );
  });

  it('holds the place on Postgres too, and needs no quotes there', () => {
    expect(notifyChannelOf('k3x9a2')).toBe('belfry_1_k3x9a2');
    expect(notifyChannelOf('a"; drop table x')).toBe('belfry_1_adroptablex');
  });
});
