import { jsBackend } from '../../src/backends/js.js';
import { describeResume } from './resume-suite.js';

await describeResume(jsBackend);
