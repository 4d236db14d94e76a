export interface ReadMetric {
  type: string;
  /** By the name of the series with its labels as it was written. */
  series: Map<string, number>;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABELS = String.raw`\{[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*"(?:,[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*")*\}`;
const VALUE = String.raw`[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?|NaN|[+-]Inf`;
const HELP = new RegExp(`^# HELP (${NAME}) ((?:[^\\\\\\n]|\\\\[\\\\n])+)$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`);
const SAMPLE = new RegExp(`^((${NAME})(?:${LABELS})?) (${VALUE})$`);

/**
 * Reads the text format of Prometheus as strictly as it is written down: each metric once, its HELP and TYPE ahead of
 * its series and nothing between them, no series twice, counters that end in _total, histograms whose buckets add up.
 *
 * @throws Error that names the line.
 */
export function readExposition(text: string): Map<string, ReadMetric> {
  if (!text.endsWith('\n')) throw new Error('The last line does not end.');
  const metrics = new Map<string, ReadMetric>();
  let name = '';
  let helped = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const wrong = (why: string) => new Error(`${why}: ${line}`);
    if (line.startsWith('# HELP')) {
      helped = HELP.exec(line)?.[1] ?? '';
      if (helped === '' || metrics.has(helped)) throw wrong('No HELP, or a second one');
    } else if (line.startsWith('#')) {
      const [, typed = '', type = ''] = TYPE.exec(line) ?? [];
      if (typed !== helped || typed === name) throw wrong('A TYPE that does not follow its HELP');
      if ((type === 'counter') !== typed.endsWith('_total')) throw wrong('Only counters end in _total');
      name = typed;
      metrics.set(name, { type, series: new Map() });
    } else {
      const [, series = '', base = '', value = ''] = SAMPLE.exec(line) ?? [];
      const metric = metrics.get(name);
      const suffixes = metric?.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      if (metric === undefined || !suffixes.some((suffix) => base === name + suffix)) throw wrong('Not of its metric');
      if (metric.series.has(series)) throw wrong('A series twice');
      metric.series.set(series, Number(value.replace('Inf', 'Infinity')));
    }
  }
  for (const [of, metric] of metrics) {
    if (metric.series.size === 0) throw new Error(`${of} has no series.`);
    if (metric.type === 'histogram') checkHistogram(of, metric);
    if (metric.type === 'counter' && [...metric.series.values()].some((value) => !(value >= 0))) throw new Error(of);
  }
  return metrics;
}

/** For each set of labels: buckets that rise to +Inf, which counts as many as _count, and a _sum. */
function checkHistogram(name: string, { series }: ReadMetric): void {
  const buckets = new Map<string, [number, number][]>();
  for (const [key, value] of series) {
    const [, before, le] = /_bucket\{(.*?),?le="([^"]+)"\}$/.exec(key) ?? [];
    if (before === undefined || le === undefined) continue;
    const bound = Number(le.replace('Inf', 'Infinity'));
    buckets.set(before, [...(buckets.get(before) ?? []), [bound, value]]);
  }
  if (buckets.size * 2 + [...buckets.values()].flat().length !== series.size) throw new Error(`${name}: left-overs`);
  for (const [before, found] of buckets) {
    const labels = before === '' ? '' : `{${before}}`;
    const isRising = found.every(([bound, count], at) => {
      const [lower, fewer] = found[at - 1] ?? [Number.NEGATIVE_INFINITY, 0];
      return bound > lower && count >= fewer;
    });
    const [last, all] = found.at(-1) as [number, number];
    const count = series.get(`${name}_count${labels}`);
    if (!isRising || last !== Number.POSITIVE_INFINITY || all !== count || !series.has(`${name}_sum${labels}`)) {
      throw new Error(`${name}${labels} does not add up.`);
    }
  }
}
