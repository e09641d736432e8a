import { cacheDirectory } from '../../data/cache.js';
import type { PlaceOptions } from '../../data/resolve.js';
import type { DatasetStatus } from '../../data/dataset-status.js';

export function dataPlaces(dataDir: string | undefined): PlaceOptions {
  return { dataDir, cacheDir: cacheDirectory(process.env) };
}

/** Where a data set is, place by place, and what a run would do. */
export function statusText({ name, title, places, uses, decoded, downloads }: DatasetStatus): string {
  const lines = places.flatMap(({ place, folder, files, usable, reason }, index) => [
    `  ${index === uses ? '*' : ' '} ${place} ${folder}: ${usable ? 'usable' : (reason ?? 'not usable')}`,
    ...files.map((file) => `      ${file.role}: ${file.status}${'note' in file ? ` (${file.note})` : ''}`),
  ]);
  if (places.some(({ place }) => place === 'deck')) {
    const held = decoded && [
      `      ${decoded.train} training and ${decoded.test} test images, ${decoded.imageShape.join(' x ')}, ${decoded.classes.length} classes`,
      `      sha256 of pixels and labels: ${decoded.sha256}`,
    ];
    return [`${title} (${name})`, ...lines, ...(held ?? [])].join('\n');
  }
  const bytes = downloads.reduce((sum, download) => sum + download.bytes, 0);
  const blocked = places.some((place) => place.place === 'data folder' && place.files.length > 0 && !place.usable);
  const otherwise = blocked
    ? '    a run would fail: the data folder has unusable files'
    : `    a run would download ${(bytes / 1e6).toFixed(0)} MB (cnnbench data pull ${name}), else use stand-in images`;
  return [`${title} (${name})`, ...lines, ...(uses === undefined ? [otherwise] : [])].join('\n');
}
