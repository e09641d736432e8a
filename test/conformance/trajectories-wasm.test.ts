import { wasmBackend } from '../../src/backends/wasm/index.js';
import { describeTrajectories } from './trajectories/suite.js';

await describeTrajectories(wasmBackend);
