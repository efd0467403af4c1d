/* getopt(): options of a word list, as falco-language.md §1.12 describes them. */
#include <string.h>

#include "policyd/engine/operand.h"
#include "policyd/engine/transform.h"

struct getopt_run {
	const struct operand_context *ctx;
	const struct value *words;
	size_t word_count, next;         /* next: the word after the one looked at */
	const char *spec;
	size_t spec_len;
	char wanted;                     /* 0: all */
	struct value *items;
	size_t count, room;
	struct value last;               /* of the wanted option */
	bool found;
};

static void put(struct getopt_run *run, const char *ptr, size_t len)
{
	if (run->count < run->room)
		run->items[run->count++] = (struct value){ .str = { ptr, len } };
	else
		operand_count_refused(run->ctx);
}

/* Whether c is a known option; *takes_value: its letter is followed by ':'. */
static bool known(const struct getopt_run *run, char c, bool *takes_value)
{
	for (size_t i = 0; i < run->spec_len; i++) {
		if (run->spec[i] != c || c == ':')
			continue;
		*takes_value = i + 1 < run->spec_len && run->spec[i + 1] == ':';
		return true;
	}
	return false;
}

static void take_value(struct getopt_run *run, const char *letter, const char *rest, size_t rest_len)
{
	struct value v = { .str = { rest, rest_len } };

	if (rest_len == 0 && run->next < run->word_count)
		v = run->words[run->next++];
	put(run, letter, 1);
	put(run, v.str.ptr, v.str.len);
	if (*letter == run->wanted) {
		run->last = v;
		run->found = true;
	}
}

/* One word that starts with '-': a cluster of letters, the last of which may take the rest as its value. */
static void cluster(struct getopt_run *run, const char *word, size_t len)
{
	for (size_t i = 1; i < len; i++) {
		bool takes_value = false;

		if (!known(run, word[i], &takes_value)) {
			put(run, "?", 1);
			continue;
		}
		if (takes_value) {
			take_value(run, word + i, word + i + 1, len - i - 1);
			return;
		}
		put(run, word + i, 1);
		if (word[i] == run->wanted) {
			run->last = (struct value){ .str = { word + i, 1 } };
			run->found = true;
		}
	}
}

static void scan_words(struct getopt_run *run)
{
	while (run->next < run->word_count) {
		const char *word = run->words[run->next].str.ptr;
		size_t len = run->words[run->next].str.len;

		if (len < 2 || word[0] != '-' || (len == 2 && word[1] == '-'))
			return;
		run->next++;
		if (word[1] != '-')
			cluster(run, word, len);
	}
}

bool transform_getopt(const struct operand *o, const struct value *args, const struct operand_context *ctx, struct value *out)
{
	struct getopt_run run = {
		.ctx = ctx,
		.words = args[0].list.items, .word_count = args[0].list.count,
		.spec = args[1].str.ptr, .spec_len = args[1].str.len, .wanted = o->getopt_option,
	};

	for (size_t i = 0; i < run.word_count && run.room < OPERAND_MAX_GETOPT_ITEMS; i++)
		run.room += run.words[i].str.len + 2;
	if (run.room > OPERAND_MAX_GETOPT_ITEMS)
		run.room = OPERAND_MAX_GETOPT_ITEMS;
	run.items = operand_room(ctx, (run.room + 1) * sizeof *run.items);
	if (!run.items)
		return false;
	scan_words(&run);
	if (o->getopt_option) {
		if (run.found)
			*out = run.last;
		return run.found;
	}
	out->list.items = run.items;
	out->list.count = run.count;
	return run.count > 0;
}
