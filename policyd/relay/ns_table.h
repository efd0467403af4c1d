/* ns_table: the namespaces of a cluster by name. Fed by one watch, read by many; bounded; one thread. */
#ifndef VITRINE_RELAY_NS_TABLE_H
#define VITRINE_RELAY_NS_TABLE_H

#include "policyd/relay/slim.h"

enum { NS_MAX = 32768 };                       /* Kubernetes is made for 10,000 */

struct ns_table;

struct ns_table *ns_table_create(uint64_t hash_seed);      /* NULL: out of memory */
void ns_table_destroy(struct ns_table *t);                 /* NULL is fine */

/* A whole list: begin, each one, end. What was not in it is gone. */
void ns_table_list_begin(struct ns_table *t);
void ns_table_list_end(struct ns_table *t);
void ns_table_put(struct ns_table *t, struct slim *taken);
void ns_table_remove(struct ns_table *t, const char *name);

const struct slim *ns_table_find(const struct ns_table *t, const char *name);    /* NULL: no such */
size_t ns_table_count(const struct ns_table *t);
uint64_t ns_table_refused(const struct ns_table *t);       /* beyond the bound, or memory was out */

#endif
