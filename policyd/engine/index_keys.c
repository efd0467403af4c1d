/* What must be found in a value for a check to be true, and how often that is likely to happen. */
#include <string.h>

#include "policyd/engine/index_build.h"
#include "policyd/engine/keyhash.h"
#include "policyd/engine/regex_literal.h"

const char *literal_common_text(void)
{
	return "C:\\Windows\\System32\\ C:\\Windows\\SysWOW64\\ C:\\Program Files (x86)\\ C:\\Program Files\\Common Files\\ "
	       "C:\\ProgramData\\Microsoft\\ C:\\Users\\Public\\ C:\\Users\\Administrator\\AppData\\Local\\Temp\\ \\AppData\\Roaming\\ "
	       "\\Downloads\\ \\Desktop\\ \\Device\\HarddiskVolume \\??\\ .exe\" .dll .tmp .log .sys .dat .ini .xml .json .txt .lnk .ps1 "
	       "http:// https://www. .com .net .org .local HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ "
	       "HKCU\\SOFTWARE\\Classes\\ HKLM\\SYSTEM\\CurrentControlSet\\Services\\ \\SOFTWARE\\Policies\\ \\WOW6432Node\\ "
	       "NT AUTHORITY\\SYSTEM /usr/bin/ /usr/sbin/ /usr/lib/ /etc/ /var/lib/ /proc/self/ /home/ /tmp/ ";
}

static uint32_t hash_start(const char *four)
{
	return key_hash_text(four, 4) >> (32 - COMMON_BITS);
}

void index_note_common(struct index_build *b)
{
	const char *common = literal_common_text();
	size_t len = strlen(common);

	for (size_t i = 0; i + 4 <= len; i++)
		b->common[hash_start(common + i)] = 1;
}

static bool is_common(const struct index_build *b, struct glob_text t)
{
	const char *common = literal_common_text();

	if (t.len >= 24 || (t.len >= 4 && !b->common[hash_start(t.ptr)]))
		return false;
	return text_contains(common, strlen(common), t.ptr, t.len, true);
}

static double text_weight(const struct index_build *b, enum key_family family, struct glob_text t)
{
	static const double scan[] = { 1, 1, 0.2, 0.05, 0.01, 0.003 };

	if (is_common(b, t))
		return 0.5;
	switch (family) {
	case KEYS_SCAN:
		return t.len < 6 ? scan[t.len] : 0.001;
	case KEYS_SUFFIX:
		return t.len < 4 ? 0.05 : 0.005;
	default:
		return t.len < 8 ? 0.1 : 0.02;
	}
}

static double equal_weight(enum value_class cls, enum value_type type, const struct value *v)
{
	if (type == VT_BOOL)
		return 0.5;
	if (cls == CLASS_IP)
		return v->ip.prefix == (v->ip.family == 4 ? 32 : 128) ? 0.005 : 0.1;
	return 0.02;
}

/* Equality with many constants need not be common: lists are mostly of rare things. */
static double sum_weight(double sum)
{
	return sum < 0.6 ? sum : 0.6;
}

static bool equal_keys(struct index_build *b, const struct pred *p, struct pred_keys *out)
{
	const struct operand *o = emit_slots(b->e)[p->slot].op;
	const struct check *c = &p->check;

	out->family = KEYS_EQUAL;
	out->exact = c->mod == MOD_NONE && (p->shape != SHAPE_LIST || c->op == OP_INTERSECTS);
	out->count = c->const_count;
	for (size_t i = 0; i < c->const_count && i < 64; i++)
		out->weight += equal_weight(c->cls, o->type, &c->consts[i]);
	out->weight = sum_weight(out->weight);
	return true;
}

struct text_list {
	struct glob_text *at;
	size_t count;
};

static struct glob_text folded_copy(struct index_build *b, struct glob_text t, bool fold)
{
	char *copy = arena_alloc(b->e->keep, t.len + 1);

	for (size_t i = 0; copy && i < t.len; i++)
		copy[i] = fold ? text_fold(t.ptr[i]) : t.ptr[i];
	return (struct glob_text){ copy, copy ? t.len : 0 };
}

static struct text_list glob_texts(struct index_build *b, const struct value *v, struct glob_text *one)
{
	char *text = arena_alloc(b->e->keep, v->str.len + 1);
	size_t len = text ? glob_literal((struct glob_text){ v->str.ptr, v->str.len }, text) : 0;

	*one = (struct glob_text){ text, len };
	return (struct text_list){ one, 1 };
}

/* The longest part of a path constant that is no glob. */
static struct text_list path_texts(const struct value *v, struct glob_text *one)
{
	size_t start = 0;

	*one = (struct glob_text){ v->str.ptr, 0 };
	for (size_t i = 0; i <= v->str.len; i++) {
		struct glob_text part = { v->str.ptr + start, i - start };

		if (i < v->str.len && v->str.ptr[i] != '/' && v->str.ptr[i] != '\\')
			continue;
		if (part.len > one->len && !glob_has_wildcard(part))
			*one = part;
		start = i + 1;
	}
	return (struct text_list){ one, 1 };
}

static struct text_list regex_texts(struct index_build *b, const struct check *c, const struct value *v,
	struct regex_literals *found)
{
	*found = regex_literals_of(v->str.ptr, v->str.len, b->e->scratch);
	for (size_t i = 0; i < found->count; i++)
		found->at[i] = folded_copy(b, found->at[i], c->fold);
	return (struct text_list){ found->at, found->count };
}

/* Texts one of which must be there for the check with this constant alone. */
static struct text_list const_texts(struct index_build *b, const struct check *c, size_t i, struct regex_literals *room)
{
	const struct value *v = &c->consts[i];

	switch (c->op) {
	case OP_GLOB:
		return glob_texts(b, v, room->at);
	case OP_PMATCH:
		return path_texts(v, room->at);
	case OP_REGEX:
		return regex_texts(b, c, v, room);
	default:
		room->at[0] = (struct glob_text){ v->str.ptr, v->str.len };
		return (struct text_list){ room->at, 1 };
	}
}

static bool usable(const struct text_list *list, enum key_family family)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->at[i].len < (family == KEYS_SCAN ? GRAM_SCAN_MIN_BYTES : 1))
			return false;
	}
	return list->count > 0;
}

static double list_weight(const struct index_build *b, const struct text_list *list, enum key_family family)
{
	double sum = 0;

	for (size_t i = 0; i < list->count; i++)
		sum += text_weight(b, family, list->at[i]);
	return sum;
}

static bool keep_texts(struct index_build *b, struct buf *texts, struct pred_keys *out)
{
	struct glob_text *copy = arena_alloc(b->e->scratch, texts->len + 1);

	if (!copy)
		return false;
	if (texts->len)
		memcpy(copy, texts->data, texts->len);
	out->texts = copy;
	out->count = texts->len / sizeof *copy;
	return true;
}

/* All constants' texts, or with allof those of the constant least likely to be there. */
static bool text_keys(struct index_build *b, const struct check *c, enum key_family family, struct pred_keys *out)
{
	struct regex_literals room;
	struct buf texts;
	bool all = c->mod == MOD_ALLOF, ok = true;
	double least = 2;

	buf_init(&texts, PROGRAM_MAX_BYTES);
	for (size_t i = 0; i < c->const_count && ok; i++) {
		struct text_list list = const_texts(b, c, i, &room);
		double weight;

		if (!usable(&list, family)) {
			if (all)
				continue;
			goto done;
		}
		weight = list_weight(b, &list, family);
		if (all && weight >= least)
			continue;
		if (all)
			buf_clear(&texts);
		least = weight;
		out->weight = all ? weight : out->weight + weight;
		ok = buf_append(&texts, list.at, list.count * sizeof *list.at);
	}
	if (all && c->const_count && !texts.len)
		goto done;
	out->family = family;
	ok = ok && keep_texts(b, &texts, out);
done:
	buf_release(&texts);
	return ok;
}

static bool find_keys(struct index_build *b, const struct pred *p, struct pred_keys *out)
{
	const struct check *c = &p->check;
	bool any = c->mod == MOD_NONE || c->mod == MOD_ANYOF;

	if (p->right != NO_ID)
		return true;
	switch (c->op) {
	case OP_EQ:
	case OP_IN:
	case OP_INTERSECTS:
		return equal_keys(b, p, out);
	case OP_STARTSWITH:
	case OP_ENDSWITH:
		out->exact = any;
		return text_keys(b, c, c->op == OP_STARTSWITH ? KEYS_PREFIX : KEYS_SUFFIX, out);
	case OP_CONTAINS:
		out->exact = any;
		return text_keys(b, c, KEYS_SCAN, out);
	case OP_GLOB:
	case OP_REGEX:
	case OP_PMATCH:
		return text_keys(b, c, KEYS_SCAN, out);
	default:
		return true;
	}
}

const struct pred_keys *index_keys(struct index_build *b, uint32_t pred)
{
	struct pred_keys *keys = &b->keys[pred];

	if (!keys->known && !find_keys(b, &emit_preds(b->e)[pred], keys))
		return NULL;
	keys->known = true;
	return keys;
}
