#include "policyd/attack/attack.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/text.h"

/* The words of techniques.txt. */
enum {
	RE = 1 << 0, RD = 1 << 1, IA = 1 << 2, EX = 1 << 3, PE = 1 << 4, PR = 1 << 5, DE = 1 << 6, CR = 1 << 7, DI = 1 << 8,
	LM = 1 << 9, CO = 1 << 10, CC = 1 << 11, XF = 1 << 12, IM = 1 << 13,
};
enum { W = ATTACK_WINDOWS, L = ATTACK_LINUX, C = ATTACK_CONTAINERS, N = ATTACK_NEWER };

static const struct attack_tactic tactics[ATTACK_TACTIC_COUNT] = {
	{ "TA0043", "Reconnaissance", "reconnaissance" },
	{ "TA0042", "Resource Development", "resource-development" },
	{ "TA0001", "Initial Access", "initial-access" },
	{ "TA0002", "Execution", "execution" },
	{ "TA0003", "Persistence", "persistence" },
	{ "TA0004", "Privilege Escalation", "privilege-escalation" },
	{ "TA0005", "Defense Evasion", "defense-evasion" },
	{ "TA0006", "Credential Access", "credential-access" },
	{ "TA0007", "Discovery", "discovery" },
	{ "TA0008", "Lateral Movement", "lateral-movement" },
	{ "TA0009", "Collection", "collection" },
	{ "TA0011", "Command and Control", "command-and-control" },
	{ "TA0010", "Exfiltration", "exfiltration" },
	{ "TA0040", "Impact", "impact" },
};

/* Names of release 19 for the parts of a tactic that 18.1 has whole. */
static const struct {
	const char *id, *slug;
	size_t tactic;
} newer_tactics[] = {
	{ "TA0005", "stealth", 6 },
	{ "TA0112", "defense-impairment", 6 },
};

static const struct attack_technique techniques[] = {
#define ROW(id, in, on, name) { id, name, NULL, in, on },
#define OTHER(id, now, name) { id, name, now, 0, 0 },
#include ATTACK_ROWS
#undef ROW
#undef OTHER
};

enum { TECHNIQUES = sizeof techniques / sizeof techniques[0] };

const struct attack_tactic *attack_tactic(size_t i)
{
	return &tactics[i];
}

bool attack_tactic_find(const char *id, size_t *out)
{
	size_t len = strcspn(id, "_");

	for (size_t i = 0; i < ATTACK_TACTIC_COUNT; i++) {
		if (text_equal_fold(id, len, tactics[i].id, strlen(tactics[i].id))) {
			*out = i;
			return true;
		}
	}
	for (size_t i = 0; i < sizeof newer_tactics / sizeof newer_tactics[0]; i++) {
		if (text_equal_fold(id, len, newer_tactics[i].id, strlen(newer_tactics[i].id))) {
			*out = newer_tactics[i].tactic;
			return true;
		}
	}
	return false;
}

size_t attack_technique_count(void)
{
	return TECHNIQUES;
}

const struct attack_technique *attack_technique(size_t i)
{
	return &techniques[i];
}

static int compare_id(const void *key, const void *row)
{
	return strcmp(key, ((const struct attack_technique *)row)->id);
}

static const struct attack_technique *find_exact(const char *id)
{
	return bsearch(id, techniques, TECHNIQUES, sizeof techniques[0], compare_id);
}

const struct attack_technique *attack_technique_find(const char *id)
{
	const struct attack_technique *t = find_exact(id);

	return t && t->other ? find_exact(t->other) : t;
}

const struct attack_technique *attack_technique_parent(const struct attack_technique *t)
{
	char id[ATTACK_ID_CHARS + 1];
	size_t len = strcspn(t->id, ".");

	if (!t->id[len])
		return NULL;
	memcpy(id, t->id, len);
	id[len] = '\0';
	return find_exact(id);
}

/* ---- tags ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "t1059.001" as "T1059.001". False: it does not look like a technique. */
static bool technique_id(const char *text, char out[ATTACK_ID_CHARS + 1])
{
	size_t len = strlen(text);

	if ((len != 5 && len != ATTACK_ID_CHARS) || text_fold(text[0]) != 't')
		return false;
	for (size_t i = 1; i < len; i++) {
		if (i == 5 ? text[i] != '.' : !is_digit(text[i]))
			return false;
	}
	out[0] = 'T';
	memcpy(out + 1, text + 1, len);
	return true;
}

/* "Defense_Evasion" and "defense-evasion" are one. */
static bool same_slug(const char *text, const char *slug)
{
	size_t i = 0;

	for (; slug[i]; i++) {
		if (text_fold(text[i]) != slug[i] && !(slug[i] == '-' && text[i] == '_'))
			return false;
	}
	return !text[i];
}

static bool tactic_by_slug(const char *text, size_t *out)
{
	for (size_t i = 0; i < ATTACK_TACTIC_COUNT; i++) {
		if (same_slug(text, tactics[i].slug)) {
			*out = i;
			return true;
		}
	}
	for (size_t i = 0; i < sizeof newer_tactics / sizeof newer_tactics[0]; i++) {
		if (same_slug(text, newer_tactics[i].slug)) {
			*out = newer_tactics[i].tactic;
			return true;
		}
	}
	return false;
}

/* What stands behind "mitre_" or "attack."; NULL: the tag has neither. */
static const char *behind_prefix(const char *tag)
{
	static const char *const prefixes[] = { "mitre_", "attack." };

	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
		size_t len = strlen(prefixes[i]);

		if (strlen(tag) > len && text_equal_fold(tag, len, prefixes[i], len))
			return tag + len;
	}
	return NULL;
}

/* Sigma writes groups and software into the same namespace: attack.g0016, attack.s0002. */
static bool is_group_or_software(const char *text)
{
	return (text_fold(text[0]) == 'g' || text_fold(text[0]) == 's') && is_digit(text[1]);
}

struct attack_meaning attack_tag_meaning(const char *tag)
{
	struct attack_meaning m = { .kind = ATTACK_TAG_NONE };
	const char *rest = behind_prefix(tag);
	char id[ATTACK_ID_CHARS + 1];

	if (!rest && text_equal_fold(tag, strlen(tag) < 2 ? 0 : 2, "TA", 2) && strspn(tag + 2, "0123456789") == 4 && strlen(tag) == 6)
		rest = tag;
	if (technique_id(rest ? rest : tag, id)) {
		m.technique = attack_technique_find(id);
		m.kind = m.technique ? ATTACK_TAG_TECHNIQUE : ATTACK_TAG_UNKNOWN;
	} else if (rest && (attack_tactic_find(rest, &m.tactic) || tactic_by_slug(rest, &m.tactic))) {
		m.kind = ATTACK_TAG_TACTIC;
	} else if (rest && !is_group_or_software(rest)) {
		m.kind = ATTACK_TAG_UNKNOWN;
	}
	return m;
}
