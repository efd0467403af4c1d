/* output_config: copies and comparisons of what an output is configured to be. Private to this layer. */
#ifndef VITRINE_OUTPUT_OUTPUT_CONFIG_H
#define VITRINE_OUTPUT_OUTPUT_CONFIG_H

#include "policyd/output/output.h"
#include "proto/base/arena.h"

enum { OUTPUT_CONFIG_BYTES = 4 << 20 };    /* of one copy: texts of a configuration file, which is 1 MiB at most */

/* All that c points to, too. False: out of memory. */
bool output_config_copy(struct arena *a, const struct output_config *c, struct output_config *out);
bool output_config_is_same(const struct output_config *a, const struct output_config *b);

const struct output_pair *output_pairs_copy(struct arena *a, const struct output_pair *pairs, size_t count);    /* NULL: memory */
bool output_pairs_are_same(const struct output_pair *a, const struct output_pair *b, size_t count);

#endif
