/* const_set: the constants of one check as a set, for equality and `in`. Texts, numbers, or addresses and networks
 * (a network holds every address that begins with its prefix). Lives in the arena given; the constants must live as
 * long. Immutable. */
#ifndef VITRINE_ENGINE_CONST_SET_H
#define VITRINE_ENGINE_CONST_SET_H

#include "policyd/engine/hash_index.h"
#include "policyd/engine/operand.h"

struct const_set;

struct const_kind {
	enum value_class cls;
	bool fold;                 /* texts compare ignoring ASCII case */
};

enum status const_set_create(struct arena *a, const struct value *consts, size_t count, struct const_kind kind,
	struct const_set **out);
bool const_set_has(const struct const_set *set, const struct value *v);

/* Two values of one class. An address on the left equals a network it is in. */
bool value_equal(enum value_class cls, bool fold, const struct value *left, const struct value *right);

/* What two equal numbers share: -0 and 0 are one. */
uint64_t value_number_key(enum value_class cls, const struct value *v);

enum { IP_PREFIXES = 33 + 129 };

/* The prefix lengths that occur among a set's networks, so that an address is looked up once for each. */
struct ip_prefixes {
	uint8_t count, list[IP_PREFIXES];    /* prefix, or 33 + prefix for IPv6 */
};

/* Adds the row of this network; *hash is the hash it is to be found by. */
void ip_prefixes_add(struct ip_prefixes *p, const struct ip *net, uint32_t *hash);
/* Hash of the address cut to the row'th prefix; false: the other family. */
bool ip_prefixes_hash(const struct ip_prefixes *p, size_t row, const struct ip *addr, uint32_t *hash);
bool ip_in_network(const struct ip *addr, const struct ip *net);

#endif
