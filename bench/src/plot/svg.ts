/** The colours are of the reader's scheme; text is as large as the text around it. */
const STYLE = `
  svg { color-scheme: light dark; }
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; font-size: 14px; }
  .small { font-size: 12px; fill: #59636e; }
  .grid { stroke: #d1d9e0; stroke-width: 1; }
  .spread { stroke: #1f2328; stroke-width: 1.5; }
  .c0 { fill: #0969da; stroke: #0969da; } .c1 { fill: #bc4c00; stroke: #bc4c00; }
  .c2 { fill: #1a7f37; stroke: #1a7f37; } .c3 { fill: #8250df; stroke: #8250df; }
  .c4 { fill: #9a6700; stroke: #9a6700; } .c5 { fill: #bf3989; stroke: #bf3989; }
  .line { fill: none; stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; } .small { fill: #9198a1; } .grid { stroke: #3d444d; } .spread { stroke: #f0f6fc; }
    .c0 { fill: #4493f8; stroke: #4493f8; } .c1 { fill: #f0883e; stroke: #f0883e; }
    .c2 { fill: #3fb950; stroke: #3fb950; } .c3 { fill: #ab7df8; stroke: #ab7df8; }
    .c4 { fill: #d29922; stroke: #d29922; } .c5 { fill: #db61a2; stroke: #db61a2; }
    .line { fill: none; }
  }
`;
export const COLOURS = 6;

export function drawing(width: number, height: number, title: string, parts: readonly string[]): string {
  const box = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" ${box} role="img" aria-label="${escaped(title)}">`;
  const name = text(16, 24, title, 'title');
  return [head, `<style>${STYLE}</style>`, name, ...parts, '</svg>', ''].join('\n');
}

export function text(
  x: number,
  y: number,
  content: string,
  className = '',
  anchor: 'start' | 'middle' | 'end' = 'start',
): string {
  const look = className === '' ? '' : ` class="${className}"`;
  return `<text x="${at(x)}" y="${at(y)}"${look} text-anchor="${anchor}">${escaped(content)}</text>`;
}

/** Beside a vertical axis. */
export function uprightText(x: number, y: number, content: string): string {
  return `<text class="small" text-anchor="middle" transform="translate(${at(x)} ${at(y)}) rotate(-90)">${escaped(content)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, className: string): string {
  return `<line class="${className}" x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}"/>`;
}

export function rectangle(x: number, y: number, width: number, height: number, className: string): string {
  return `<rect class="${className}" x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}" rx="2"/>`;
}

export function polyline(points: readonly (readonly [number, number])[], className: string): string {
  const list = points.map(([x, y]) => `${at(x)},${at(y)}`).join(' ');
  return `<polyline class="line ${className}" points="${list}"/>`;
}

export function dot(x: number, y: number, className: string): string {
  return `<circle class="${className}" cx="${at(x)}" cy="${at(y)}" r="4"/>`;
}

function at(value: number): string {
  return String(Number(value.toFixed(1)));
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
