#ifndef VITRINE_ENGINE_INDEX_BUILD_H
#define VITRINE_ENGINE_INDEX_BUILD_H
/* index_build: files variants under event types and guards. Build time only. */

#include "policyd/engine/emit.h"

/* Makes the parts of the program, and the code of every variant. */
enum status index_build(struct emit *e);

#endif
