import '../../local/quiet-sdk';
import { join } from 'node:path';
import { takePictures } from './pictures';

/** Another one shows other facilities. */
const seed = 13;

void takePictures(join(__dirname, '..', '..', 'docs', 'pictures'), seed, (path) => console.log(path)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
