/* golden: expected bytes kept in files. With the environment variable VITRINE_GOLDEN_WRITE set, a comparison rewrites
 * its file and passes: the change is then judged in the diff of the commit. */
#ifndef VITRINE_TEST_GOLDEN_H
#define VITRINE_TEST_GOLDEN_H

#include "proto/base/buf.h"

/* Path from the root of the sources, where tests run. False: not readable. */
bool golden_read(const char *path, struct buf *out);
/* Prints where the first difference is. */
bool golden_matches(const char *path, const void *bytes, size_t len);

#endif
