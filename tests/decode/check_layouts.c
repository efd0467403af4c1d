/* check_layouts: every layout of every provider: a made-up payload decodes to the values put into it, in both pointer
 * widths; every prefix of it is refused or ends in a string that may; and the tables keep their own rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "policyd/decode/decode.h"
#include "policyd/decode/walk.h"
#include "tests/decode/layout_payload.h"

enum { SEEDS = 3, SCRATCH_BYTES = 1 << 20 };

typedef void layout_check(const struct provider *p, const struct layout *l, void *ctx);

static void for_each_layout(layout_check *check, void *ctx)
{
	for (size_t i = 0; i < provider_count; i++) {
		for (size_t k = 0; k < providers[i]->layout_count; k++)
			check(providers[i], &providers[i]->layouts[k], ctx);
	}
}

static struct record record_of(const struct provider *p, const struct layout *l, unsigned pointer_bytes)
{
	struct record r = { .kind = RECORD_ETW, .provider = p->guid, .version = l->version,
		.pointer_bytes = (uint8_t)pointer_bytes, .os_build = l->last_build ? l->last_build : l->first_build };

	if (p->classic) {
		r.flags = RECORD_CLASSIC;
		r.opcode = (uint8_t)l->id;
	} else {
		r.id = l->id;
	}
	return r;
}

struct decoding {
	struct decoder *decoder;
	struct arena *scratch;
	size_t count;
};

static void check_values(struct decoding *d, const struct layout *l, const struct event *ev,
	const struct layout_sample *s)
{
	for (size_t i = 0; i < l->field_count; i++) {
		struct text_view name = { l->fields[i].name, strlen(l->fields[i].name) }, got = { "", 0 };

		/* Addresses in SOCKADDR bytes and scanned content have a text of their own; made-up bytes are neither. */
		if (l->fields[i].type == LT_BYTES && l->fields[i].slot != SLOT_NONE)
			continue;
		assert_true(event_get_arg(ev, name, d->scratch, &got));
		if (strlen(s->text[i]) + 3 >= SAMPLE_TEXT_BYTES)
			assert_memory_equal(got.ptr, s->text[i], strlen(s->text[i]));
		else
			assert_string_equal(arena_strndup(d->scratch, got.ptr, got.len), s->text[i]);
		arena_reset(d->scratch);
	}
}

static void decode_sample(const struct provider *p, const struct layout *l, struct decoding *d, unsigned pointer_bytes)
{
	static struct layout_sample sample;
	struct record r = record_of(p, l, pointer_bytes);
	static struct event ev;

	for (uint32_t seed = 0; seed < SEEDS; seed++) {
		layout_sample_fill(l, pointer_bytes, seed, &sample);
		r.payload = (struct view){ sample.payload, sample.len };
		assert_int_equal(decode_record(d->decoder, &r, &ev), ST_OK);
		assert_ptr_equal(ev.layout, l);
		assert_memory_equal(ev.offset, sample.offset, (l->field_count + 1u) * sizeof sample.offset[0]);
		check_values(d, l, &ev, &sample);
	}
	d->count++;
}

static void decode_both_widths(const struct provider *p, const struct layout *l, void *ctx)
{
	decode_sample(p, l, ctx, 4);
	decode_sample(p, l, ctx, 8);
}

static void every_layout__decodes_to_the_values_written(void **state)
{
	struct decoding d = { .decoder = decoder_create(), .scratch = arena_create(SCRATCH_BYTES) };

	(void)state;
	assert_non_null(d.decoder);
	assert_non_null(d.scratch);
	for_each_layout(decode_both_widths, &d);
	assert_true(d.count > 1500);
	decoder_destroy(d.decoder);
	arena_destroy(d.scratch);
}

static bool is_open_ended(const struct layout_field *f)
{
	return f->type == LT_WSTRZ || f->type == LT_STRZ || f->type == LT_REST || f->optional;
}

/* Shortest prefix that may decode: into the last field when that may end anywhere, else the whole. */
static size_t shortest_whole(const struct layout *l, const struct layout_sample *s)
{
	const struct layout_field *last;

	if (l->field_count == 0)
		return 0;
	last = &l->fields[l->field_count - 1];
	if (!is_open_ended(last))
		return s->len;
	return s->offset[l->field_count - 1] + (last->optional || last->type == LT_REST ? 0 : 1);
}

static void cut_sample(const struct provider *p, const struct layout *l, void *ctx)
{
	static struct layout_sample s;
	uint32_t offset[EVENT_MAX_FIELDS + 1];
	size_t whole;

	(void)p;
	(void)ctx;
	layout_sample_fill(l, 8, 1, &s);
	whole = shortest_whole(l, &s);
	for (size_t n = 0; n < s.len; n++) {
		uint8_t *exact = malloc(n ? n : 1);
		struct view v = { exact, n };

		assert_non_null(exact);
		memcpy(exact, s.payload, n);
		assert_int_equal(walk_layout(l, v, 8, offset), n >= whole ? ST_OK : ST_TRUNCATED);
		free(exact);
	}
}

static void every_layout__every_prefix_is_truncated(void **state)
{
	(void)state;
	for_each_layout(cut_sample, NULL);
}

static void check_fields(const struct provider *p, const struct layout *l, void *ctx)
{
	uint8_t seen[SLOT_COUNT] = { 0 };

	(void)p;
	(void)ctx;
	assert_true(l->field_count <= EVENT_MAX_FIELDS);
	for (size_t i = 0; i < l->field_count; i++) {
		const struct layout_field *f = &l->fields[i];

		assert_true(f->type < LT_COUNT);
		assert_true(f->slot < SLOT_COUNT);
		assert_true(f->slot == SLOT_NONE || seen[f->slot]++ == 0);
		assert_true(f->type != LT_REST || i + 1 == l->field_count);
		assert_true(!f->optional || i + 1 == l->field_count);
		if (f->len_field == LAYOUT_NO_LEN_FIELD)
			continue;
		assert_true(f->len_field < i);
		assert_true(l->fields[f->len_field].type == LT_U16 || l->fields[f->len_field].type == LT_U32);
	}
}

static void every_layout__has_one_field_a_slot_and_lengths_before_their_use(void **state)
{
	(void)state;
	for_each_layout(check_fields, NULL);
}

static bool same_bytes(const struct layout_field *a, const struct layout_field *b)
{
	size_t narrow = layout_type_bytes((enum layout_type)a->type, 4), wide = layout_type_bytes((enum layout_type)a->type, 8);

	return narrow == layout_type_bytes((enum layout_type)b->type, 4) &&
	       wide == layout_type_bytes((enum layout_type)b->type, 8) && (wide || a->type == b->type);
}

static bool starts_with(const struct layout *newer, const struct layout *older)
{
	for (size_t i = 0; i < older->field_count; i++) {
		const struct layout_field *a = &older->fields[i], *b = &newer->fields[i];

		if (i >= newer->field_count || strcmp(a->name, b->name) != 0 || !same_bytes(a, b))
			return false;
	}
	return true;
}

/* The look-up relies on the order; falling back relies on newer versions only appending, or saying that they do not. */
static void every_table__is_sorted_and_marks_its_breaks(void **state)
{
	size_t breaks = 0;

	(void)state;
	for (size_t i = 0; i < provider_count; i++) {
		for (size_t k = 1; k < providers[i]->layout_count; k++) {
			const struct layout *a = &providers[i]->layouts[k - 1], *b = a + 1;

			assert_true(a->id < b->id || (a->id == b->id && a->version <= b->version));
			if (a->id != b->id || a->version == b->version)
				continue;
			assert_int_equal((b->flags & LAYOUT_BREAK) == 0, starts_with(b, a));
			breaks += (b->flags & LAYOUT_BREAK) != 0;
		}
	}
	assert_true(breaks > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_layout__decodes_to_the_values_written),
		cmocka_unit_test(every_layout__every_prefix_is_truncated),
		cmocka_unit_test(every_layout__has_one_field_a_slot_and_lengths_before_their_use),
		cmocka_unit_test(every_table__is_sorted_and_marks_its_breaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
