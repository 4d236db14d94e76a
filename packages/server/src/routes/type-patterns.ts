import { isTypePattern, LIMITS } from '@belfry/protocol';
import * as z from 'zod';

/** In a body: a list of types, or one. Each may end in `*`. */
const pattern = z.string().refine(isTypePattern, 'must be a type, which may end in *');

export const typePatterns = z
  .union([pattern.transform((one) => [one]), z.array(pattern)])
  .refine((list) => list.length > 0 && list.length <= LIMITS.filters, `must hold 1 to ${LIMITS.filters} types`);
