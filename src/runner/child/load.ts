import type { Dataset } from '../../core/dataset.js';
import type { ProfileSettings } from '../../core/experiment.js';
import type { GoldenTrajectory } from '../../core/golden-trajectory.js';
import { loadDataset } from '../../data/load.js';
import type { DataSource } from '../../data/source.js';
import { drawStandInDataset } from '../../data/stand-in/stand-in.js';

/** The images of a profile. */
export function loadFor({ trainImages, testImages }: ProfileSettings, source: DataSource): Promise<Dataset> {
  return loadDataset(source, {
    ...(trainImages !== undefined && { trainImages }),
    ...(testImages !== undefined && { testImages }),
  });
}

/** The images of a golden trajectory. */
export function imagesOf({ experiment, trainImages }: GoldenTrajectory): Dataset {
  return drawStandInDataset(experiment.dataset, { trainImages, testImages: 0 });
}
