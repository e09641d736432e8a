#!/usr/bin/env node
import { guardOutput } from '../dist/cli/guard-output.js';
import { nameUser } from '../dist/cli/unnamed-user.js';

nameUser(process.env);
// Only now: parts of it ask for the user's home when they are loaded.
const { execute } = await import('@oclif/core');
// Only now: it takes the place of what oclif does where stdout fails.
guardOutput(process);
await execute({ dir: import.meta.url });
