import { create } from 'qrcode';
import { h } from './dom';

const svg = 'http://www.w3.org/2000/svg';
// Scanners want four modules of white around the code (ISO/IEC 18004).
const quiet = 4;

// A QR code as a picture that needs neither a data URL nor a style of its own.
export function qr(text: string, label: string): HTMLElement {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const side = modules.size + 2 * quiet;
  const picture = document.createElementNS(svg, 'svg');
  picture.setAttribute('viewBox', `0 0 ${side} ${side}`);
  picture.setAttribute('role', 'img');
  picture.setAttribute('aria-label', label);
  picture.setAttribute('shape-rendering', 'crispEdges');
  picture.append(shape(`M0 0h${side}v${side}H0z`, '#fff'), shape(dark(modules), '#000'));
  return h('div', { class: 'qr' }, picture);
}

function shape(d: string, fill: string): SVGElement {
  const path = document.createElementNS(svg, 'path');
  path.setAttribute('d', d);
  path.setAttribute('fill', fill);
  return path;
}

function dark(modules: { size: number; data: Uint8Array }): string {
  const squares: string[] = [];
  modules.data.forEach((bit, index) => {
    const [row, column] = [Math.floor(index / modules.size), index % modules.size];
    if (bit) squares.push(`M${column + quiet} ${row + quiet}h1v1h-1z`);
  });
  return squares.join('');
}
