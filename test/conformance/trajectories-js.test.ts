import { jsBackend } from '../../src/backends/js.js';
import { describeTrajectories } from './trajectories/suite.js';

await describeTrajectories(jsBackend);
