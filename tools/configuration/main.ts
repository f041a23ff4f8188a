import { writeFileSync } from 'node:fs';
import { configurationFile, configurationReference } from './document';

writeFileSync(configurationFile, configurationReference());
