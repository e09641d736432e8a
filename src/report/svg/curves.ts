import type { CurveMean } from '../../stats/curves.js';
import type { CurveChart, CurveSeries } from '../document.js';
import { xml } from '../escape.js';
import { epochScale, spread, valueScale } from './scale.js';
import type { Scale } from './scale.js';

/** Okabe and Ito (2008) without yellow, then two of Paul Tol's: told apart with every common colour vision. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#332288', '#882255'] as const;
const DASHES = ['', '7 3', '2 3', '9 3 2 3'] as const;
const INK = {
  text: '#1b1f24',
  soft: '#57606a',
  grid: '#e6e8eb',

  axis: '#8c959f',
  reference: '#57606a',
} as const;

const WIDTH = 880;
const LEFT = 64;
const PLOT_RIGHT = 610;
const LABEL_LEFT = 652;
const LABEL_CHARACTERS = 33;
const LABEL_GAP = 18;
const TOP = 104;
const ACCURACY_HEIGHT = 280;
const LOSS_HEIGHT = 120;
const BETWEEN = 50;
const BOTTOM = 48;

/** A panel: its place on the page and its axes. */
interface Panel {
  readonly title: string;
  readonly top: number;
  readonly bottom: number;
  readonly x: Scale;
  readonly y: Scale;
  readonly tick: (value: number) => string;
}

/** Test accuracy above training loss, per epoch, as an SVG document. Lines are labelled at their ends, so there is no legend. */
export function drawCurves(chart: CurveChart): string {
  const accuracies = chart.series.map(({ accuracy }) => accuracy);
  const losses = chart.series.map(({ loss }) => loss);
  // A loss that explodes would flatten all others.
  const steady = losses.filter((_, index) => !chart.series[index]?.diverged);
  const labels = chart.series.length + chart.references.length;
  const accuracyBottom = TOP + Math.max(ACCURACY_HEIGHT, labels * LABEL_GAP - BETWEEN - LOSS_HEIGHT);
  const lossTop = accuracyBottom + BETWEEN;
  const lossBottom = lossTop + LOSS_HEIGHT;
  const x = epochScale(Math.max(1, ...accuracies.flat().map(({ epoch }) => epoch)), LEFT, PLOT_RIGHT);
  const shown = [...extremes(accuracies), ...chart.references.map(({ value }) => value)];
  const accuracy: Panel = {
    title: 'Test accuracy',
    top: TOP,
    bottom: accuracyBottom,
    x,
    y: valueScale(shown, accuracyBottom, TOP, 6),
    tick: (value) => `${Number((100 * value).toFixed(2))}%`,
  };
  const loss: Panel = {
    title: 'Training loss',
    top: lossTop,
    bottom: lossBottom,
    x,
    y: valueScale(extremes(steady.length > 0 ? steady : losses), lossBottom, lossTop, 3),
    tick: (value) => String(Number(value.toPrecision(6))),
  };
  const height = lossBottom + BOTTOM;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title" font-family="system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif" font-size="12">`,
    `<title id="title">${xml(`${chart.title}: test accuracy and training loss per epoch`)}</title>`,
    `<rect width="${WIDTH}" height="${height}" rx="8" fill="#ffffff"/>`,
    text(24, 34, chart.title, `font-size="17" font-weight="600"`),
    text(24, 54, chart.subtitle, '', INK.soft),
    ...axes(accuracy, false),
    ...axes(loss, true),
    ...chart.references.map(({ value }) => referenceLine(accuracy.y.at(value))),
    ...chart.series.flatMap((each, index) => curve(each, accuracies[index] ?? [], accuracy)),
    ...chart.series.flatMap((each, index) => curve(each, losses[index] ?? [], loss)),
    ...endLabels(chart, accuracies, accuracy, lossBottom),
    '</svg>',
    '',
  ].join('\n');
}

function extremes(lines: readonly (readonly CurveMean[])[]): readonly number[] {
  return lines.flat().flatMap(({ low, high }) => [low, high]);
}

function axes({ title, top, bottom, x, y, tick }: Panel, named: boolean): readonly string[] {
  return [
    text(LEFT - 40, top - 12, title, 'font-weight="600"', INK.text),
    ...y.ticks.flatMap((value) => [
      line(LEFT, y.at(value), PLOT_RIGHT, y.at(value), `stroke="${INK.grid}"`),
      text(LEFT - 10, y.at(value) + 4, tick(value), 'text-anchor="end"', INK.soft),
    ]),
    line(LEFT, bottom, PLOT_RIGHT, bottom, `stroke="${INK.axis}"`),
    ...x.ticks.flatMap((epoch) => [
      line(x.at(epoch), bottom, x.at(epoch), bottom + 5, `stroke="${INK.axis}"`),
      ...(named ? [text(x.at(epoch), bottom + 19, String(epoch), 'text-anchor="middle"', INK.soft)] : []),
    ]),
    ...(named ? [text((LEFT + PLOT_RIGHT) / 2, bottom + 38, 'epoch', 'text-anchor="middle"', INK.soft)] : []),
  ];
}

function curve(series: CurveSeries, line: readonly CurveMean[], { x, y }: Panel): readonly string[] {
  const colour = colourOf(series);
  const last = line.at(-1);
  if (last === undefined) return [];
  const path = (value: (point: CurveMean) => number, from: readonly CurveMean[]) =>
    from.map((point) => `${x.at(point.epoch).toFixed(1)},${y.at(value(point)).toFixed(1)}`).join(' ');
  const band = `${path(({ high }) => high, line)} ${path(({ low }) => low, line.toReversed())}`;
  const stroke = `fill="none" stroke="${colour}" stroke-width="${series.diverged ? 1.2 : 2}" stroke-linejoin="round" stroke-linecap="round"${dashOf(series)}`;
  const [endX, endY] = [x.at(last.epoch), y.at(last.mean)];
  return [
    ...(series.seeds > 1 ? [bandOf(band, line, series, x, y)] : []),
    ...(line.length > 1 ? [`<polyline points="${path(({ mean }) => mean, line)}" ${stroke}/>`] : []),
    series.diverged
      ? `<path d="M${(endX - 4).toFixed(1)} ${(endY - 4).toFixed(1)}l8 8m0 -8l-8 8" stroke="${colour}" stroke-width="2"/>`
      : `<circle cx="${endX.toFixed(1)}" cy="${endY.toFixed(1)}" r="3" fill="${colour}"/>`,
  ];
}

/** From the lowest to the highest seed: an area over the epochs, a bar where there is one epoch only. */
function bandOf(band: string, points: readonly CurveMean[], series: CurveSeries, x: Scale, y: Scale): string {
  const [only] = points;
  if (points.length > 1 || only === undefined) {
    return `<polygon points="${band}" fill="${colourOf(series)}" fill-opacity="0.16"/>`;
  }
  const at = x.at(only.epoch);
  return line(
    at,
    y.at(only.low),
    at,
    y.at(only.high),
    `stroke="${colourOf(series)}" stroke-width="5" stroke-opacity="0.3"`,
  );
}

function referenceLine(y: number): string {
  return line(LEFT, y, PLOT_RIGHT, y, `stroke="${INK.reference}" stroke-width="1.2" stroke-dasharray="3 4"`);
}

/** Labels beside the ends of their lines, moved apart where they would overlap, with a leader to each. */
function endLabels(
  { series, references }: CurveChart,
  accuracies: readonly (readonly CurveMean[])[],
  { x, y }: Panel,
  lowest: number,
): readonly string[] {
  const ends = [
    ...references.map(({ value, label }) => ({
      label,
      from: PLOT_RIGHT,
      y: y.at(value),
      stroke: `stroke="${INK.reference}" stroke-width="1.2" stroke-dasharray="3 4"`,
      leader: INK.reference,
      colour: INK.soft,
    })),
    ...series.flatMap((each, index) => {
      const last = accuracies[index]?.at(-1);
      return last === undefined
        ? []
        : [
            {
              label: each.label,
              from: x.at(last.epoch) + 6,
              y: y.at(last.mean),
              stroke: `stroke="${colourOf(each)}" stroke-width="2"${dashOf(each)}`,
              leader: colourOf(each),
              colour: INK.text,
            },
          ];
    }),
  ];
  const placed = spread(
    ends.map((end) => end.y),
    LABEL_GAP,
    TOP,
    lowest,
  );
  return ends.flatMap((end, index) => {
    const at = placed[index] ?? end.y;
    const leader = `<polyline points="${Math.max(end.from, PLOT_RIGHT + 2).toFixed(1)},${end.y.toFixed(1)} ${PLOT_RIGHT + 10},${end.y.toFixed(1)} ${PLOT_RIGHT + 20},${at.toFixed(1)}" fill="none" stroke="${end.leader}" stroke-opacity="0.55"/>`;
    return [
      leader,
      line(PLOT_RIGHT + 20, at, LABEL_LEFT - 6, at, end.stroke),
      text(LABEL_LEFT, at + 4, shortened(end.label), '', end.colour),
    ];
  });
}

function colourOf({ colour }: CurveSeries): string {
  return COLOURS[colour % COLOURS.length] ?? COLOURS[0];
}

function dashOf({ dash }: CurveSeries): string {
  const pattern = DASHES[dash % DASHES.length];
  return pattern ? ` stroke-dasharray="${pattern}"` : '';
}

function shortened(label: string): string {
  const characters = Array.from(label);
  return characters.length <= LABEL_CHARACTERS ? label : `${characters.slice(0, LABEL_CHARACTERS - 1).join('')}\u2026`;
}

function line(x1: number, y1: number, x2: number, y2: number, attributes: string): string {
  return `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" ${attributes}/>`;
}

function text(x: number, y: number, content: string, attributes: string, colour: string = INK.text): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${colour}"${attributes === '' ? '' : ` ${attributes}`}>${xml(content)}</text>`;
}
