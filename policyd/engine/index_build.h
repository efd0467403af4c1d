/* index_build: files variants under event types and guards. Build time only. */
#ifndef VITRINE_ENGINE_INDEX_BUILD_H
#define VITRINE_ENGINE_INDEX_BUILD_H

#include "policyd/engine/emit.h"
#include "policyd/engine/glob.h"

/* What a value must hold for a check to be true. */
enum key_family { KEYS_NONE, KEYS_EQUAL, KEYS_PREFIX, KEYS_SUFFIX, KEYS_SCAN };

struct pred_keys {
	enum key_family family;            /* KEYS_NONE: the check cannot be a guard */
	bool known;                        /* worked out already */
	bool exact;                        /* a key found means the check is true; else only that it may be */
	double weight;                     /* rough share of events on which a key is found */
	const struct glob_text *texts;     /* KEYS_PREFIX, _SUFFIX, _SCAN; KEYS_EQUAL goes by the check's constants */
	size_t count;
};

/* The checks of which one must be true for a variant to match. */
struct guard {
	bool found;
	double weight;
	const uint32_t *preds;
	size_t count;
};

enum { COMMON_BITS = 12 };

struct index_build {
	struct emit *e;
	uint8_t common[1 << COMMON_BITS];  /* by hash: four bytes of literal_common_text() may be these */
	struct pred_keys *keys;            /* by check */
	struct guard *guards;              /* by variant */
	uint32_t stamps;                   /* triggers so far, of all parts */
};

/* To be called once, before any other. */
void index_note_common(struct index_build *b);
/* The keys of a check, worked out once. NULL: out of memory. */
const struct pred_keys *index_keys(struct index_build *b, uint32_t pred);
/* The best guard of a condition. False: out of memory. */
bool index_guard(struct index_build *b, const struct cond_node *n, struct guard *out);
/* Makes a part of these variants. */
enum status index_part(struct index_build *b, const uint32_t *variants, size_t count, const struct part **out);

/* Makes the parts of the program, and the code of every variant. */
enum status index_program(struct emit *e);

static inline const struct variant_info *index_infos(const struct emit *e)
{
	return (const struct variant_info *)(const void *)e->variant_info.data;
}

#endif
