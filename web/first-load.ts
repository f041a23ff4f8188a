/**
 * What every page has loaded before it opens a view. Each part that is loaded later imports this, although it uses only some
 * of it: the bundler makes a file for each set of parts that use the same code, and a dozen small files are larger
 * than the one that all of them find in place.
 */
import './announcements';
import './api';
import './shell';
import './title';
import './watching';
