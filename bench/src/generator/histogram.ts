/** Buckets a power of two: a bucket is at most 1/32 (3 %) of its value wide. */
const STEPS = 32;
const LARGEST = 2 ** 31 - 1;

/** Times in whole microseconds, up to 35 minutes. Constant memory, a few nanoseconds a record. */
export class Histogram {
  readonly #counts = new Uint32Array(bucketOf(LARGEST) + 1);
  #count = 0;
  #max = 0;

  record(microseconds: number): void {
    const value = Math.max(0, Math.min(LARGEST, Math.round(microseconds)));
    const bucket = bucketOf(value);
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.#count += 1;
    if (value > this.#max) this.#max = value;
  }

  get count(): number {
    return this.#count;
  }

  get max(): number {
    return this.#max;
  }

  /** The value below which this share of all lies, to the middle of its bucket. NaN where nothing was recorded. */
  quantile(share: number): number {
    if (this.#count === 0) return Number.NaN;
    const rank = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    for (const [bucket, count] of this.#counts.entries()) {
      seen += count;
      if (seen >= rank) return Math.min(middleOf(bucket), this.#max);
    }
    return this.#max;
  }
}

/** Exact below 64, then 32 buckets for each power of two. */
function bucketOf(value: number): number {
  const shift = shiftOf(value);
  return shift * STEPS + (value >>> shift);
}

function shiftOf(value: number): number {
  return Math.max(0, 26 - Math.clz32(value));
}

function middleOf(bucket: number): number {
  if (bucket < STEPS * 2) return bucket;
  const shift = Math.floor(bucket / STEPS) - 1;
  const low = ((bucket % STEPS) + STEPS) * 2 ** shift;
  return low + (2 ** shift - 1) / 2;
}
