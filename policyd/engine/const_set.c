#include "policyd/engine/const_set.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/engine/keyhash.h"
#include "proto/base/text.h"

struct const_set {
	struct const_kind kind;
	const struct value *consts;
	struct hash_index index;
	struct ip_prefixes prefixes;
};

bool ip_in_network(const struct ip *addr, const struct ip *net)
{
	unsigned bytes = net->prefix / 8u, bits = net->prefix % 8u;

	if (addr->family != net->family || bytes > sizeof addr->addr || memcmp(addr->addr, net->addr, bytes) != 0)
		return false;
	return bits == 0 || bytes == sizeof addr->addr || (addr->addr[bytes] ^ net->addr[bytes]) >> (8 - bits) == 0;
}

uint64_t value_number_key(enum value_class cls, const struct value *v)
{
	double d = v->d == 0 ? 0 : v->d;
	uint64_t bits;

	if (cls != CLASS_DOUBLE)
		return v->u;
	memcpy(&bits, &d, sizeof bits);
	return bits;
}

bool value_equal(enum value_class cls, bool fold, const struct value *left, const struct value *right)
{
	switch (cls) {
	case CLASS_TEXT:
		if (left->str.len != right->str.len)
			return false;
		if (fold)
			return text_equal_fold(left->str.ptr, left->str.len, right->str.ptr, right->str.len);
		return left->str.len == 0 || memcmp(left->str.ptr, right->str.ptr, left->str.len) == 0;
	case CLASS_DOUBLE:
		return left->d == right->d;
	case CLASS_IP:
		return ip_in_network(&left->ip, &right->ip);
	default:
		return left->u == right->u;
	}
}

static uint32_t hash_cut(const struct ip *addr, unsigned prefix)
{
	uint64_t half[2];
	uint8_t cut[16] = { 0 };
	unsigned bytes = prefix / 8u, bits = prefix % 8u;

	memcpy(cut, addr->addr, bytes);
	if (bits)
		cut[bytes] = (uint8_t)(addr->addr[bytes] & 0xff << (8 - bits));
	memcpy(half, cut, sizeof half);
	return key_hash_number(half[0] ^ key_mix(half[1] + prefix) * UINT64_C(0x100000001));
}

static uint8_t prefix_row(const struct ip *net)
{
	unsigned most = net->family == 4 ? 32 : 128, prefix = net->prefix > most ? most : net->prefix;

	return (uint8_t)(net->family == 4 ? prefix : 33 + prefix);
}

void ip_prefixes_add(struct ip_prefixes *p, const struct ip *net, uint32_t *hash)
{
	uint8_t row = prefix_row(net);

	if (!memchr(p->list, row, p->count))
		p->list[p->count++] = row;
	*hash = hash_cut(net, row < 33 ? row : row - 33u);
}

bool ip_prefixes_hash(const struct ip_prefixes *p, size_t row, const struct ip *addr, uint32_t *hash)
{
	unsigned r = p->list[row];

	if ((addr->family == 4) != (r < 33))
		return false;
	*hash = hash_cut(addr, r < 33 ? r : r - 33);
	return true;
}

static uint32_t hash_const(struct const_set *set, const struct value *v)
{
	uint32_t hash;

	switch (set->kind.cls) {
	case CLASS_TEXT:
		return key_hash_text(v->str.ptr, v->str.len);
	case CLASS_IP:
		ip_prefixes_add(&set->prefixes, &v->ip, &hash);
		return hash;
	default:
		return key_hash_number(value_number_key(set->kind.cls, v));
	}
}

enum status const_set_create(struct arena *a, const struct value *consts, size_t count, struct const_kind kind,
	struct const_set **out)
{
	struct const_set *set = arena_zalloc(a, sizeof *set);
	struct hash_item *items = malloc((count + 1) * sizeof *items);
	enum status st = ST_NOMEM;

	if (!set || !items)
		goto done;
	set->kind = kind;
	set->consts = consts;
	for (size_t i = 0; i < count; i++)
		items[i] = (struct hash_item){ hash_const(set, &consts[i]), (uint32_t)i };
	if ((st = hash_index_create(a, items, count, &set->index)) != ST_OK)
		goto done;
	*out = set;
done:
	free(items);
	return st;
}

static bool has_hash(const struct const_set *set, uint32_t hash, const struct value *v)
{
	struct hash_range r = hash_index_find(&set->index, hash);

	for (; r.at < r.end; r.at++) {
		if (r.at->hash == hash && value_equal(set->kind.cls, set->kind.fold, v, &set->consts[r.at->id]))
			return true;
	}
	return false;
}

bool const_set_has(const struct const_set *set, const struct value *v)
{
	uint32_t hash;

	if (set->kind.cls == CLASS_TEXT)
		return has_hash(set, key_hash_text(v->str.ptr, v->str.len), v);
	if (set->kind.cls != CLASS_IP)
		return has_hash(set, key_hash_number(value_number_key(set->kind.cls, v)), v);
	for (size_t row = 0; row < set->prefixes.count; row++) {
		if (ip_prefixes_hash(&set->prefixes, row, &v->ip, &hash) && has_hash(set, hash, v))
			return true;
	}
	return false;
}
