/* pathtrie: the constants of one `pmatch` as a tree of path parts (falco-language.md §1.9): true if one constant is a
 * leading run of whole parts of the path. Parts with * ? [ match as globs. Lives in the arena given; immutable. */
#ifndef VITRINE_ENGINE_PATHTRIE_H
#define VITRINE_ENGINE_PATHTRIE_H

#include "policyd/engine/value.h"
#include "proto/base/arena.h"
#include "proto/base/status.h"

enum { PATHTRIE_MAX_PARTS = 1024 };    /* parts of one constant: NTFS and ext4 paths stay far below */

struct pathtrie;

struct pathtrie_options {
	bool windows_path;      /* '\\' separates parts as '/' does */
	bool fold;              /* ASCII case is ignored; the constants are folded already */
};

/* The constants must live as long as the trie. ST_LIMIT, ST_NOMEM. */
enum status pathtrie_create(struct arena *a, const struct value *consts, size_t count, struct pathtrie_options options,
	struct pathtrie **out);
bool pathtrie_match(const struct pathtrie *t, const char *path, size_t len);

#endif
