/* user_names: SID -> account name, as events told it (logons, log records). Bounded. Single-threaded. */
#ifndef VITRINE_STATE_USER_NAMES_H
#define VITRINE_STATE_USER_NAMES_H

#include "policyd/state/text_pool.h"

struct user_names;

/* pool: borrowed. NULL: out of memory. */
struct user_names *user_names_create(uint32_t max_users, struct text_pool *pool);
void user_names_destroy(struct user_names *u);
void user_names_clear(struct user_names *u);

/* space: the machine, whose own accounts have SIDs of their own. name: "DOMAIN\user". Names of SIDs that are the same everywhere are not stored. */
void user_names_learn(struct user_names *u, uint32_t space, struct text_view sid, struct text_view name);
/* The learned name, else the well-known one. False: neither. */
bool user_names_find(struct user_names *u, uint32_t space, struct text_view sid, struct text_view *name);

#endif
