#include "tests/decode/layout_payload.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

struct writer {
	struct layout_sample *out;
	char *text;
	uint32_t state;
	unsigned pointer_bytes;
	uint32_t length;         /* of the next counted field; 0: none */
};

static uint32_t next(struct writer *w)
{
	w->state = w->state * 1664525u + 1013904223u;
	return w->state >> 8;
}

static void put(struct writer *w, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		w->out->payload[w->out->len++] = (uint8_t)(value >> 8 * i);
}

static void print(struct writer *w, const char *fmt, ...) VITRINE_PRINTF(2, 3);

static void print(struct writer *w, const char *fmt, ...)
{
	size_t used = strlen(w->text);
	va_list args;

	va_start(args, fmt);
	vsnprintf(w->text + used, SAMPLE_TEXT_BYTES - used, fmt, args);
	va_end(args);
}

static uint64_t put_number(struct writer *w, size_t bytes)
{
	uint64_t n = (uint64_t)next(w) << 40 ^ (uint64_t)next(w) << 20 ^ next(w);

	if (bytes < 8)
		n &= (UINT64_C(1) << bytes * 8) - 1;
	put(w, n, bytes);
	return n;
}

/* Field names of lengths must hold lengths that fit: decided by the field that uses them. */
static uint32_t counted_length(struct writer *w, const struct layout_field *user)
{
	w->length = 3 + next(w) % 9;
	return user->type == LT_WSTR_COUNTED ? w->length : w->length * 2;
}

static void put_sid(struct writer *w)
{
	uint32_t count = 1 + next(w) % 5;

	put(w, 1, 1);
	put(w, count, 1);
	put(w, UINT64_C(0x050000000000), 6);
	print(w, "S-1-5");
	for (uint32_t i = 0; i < count; i++)
		print(w, "-%" PRIu64, put_number(w, 4));
}

static void put_text(struct writer *w, size_t units, bool wide, bool nul)
{
	for (size_t i = 0; i < units; i++) {
		char c = (char)('a' + next(w) % 26);

		put(w, (uint8_t)c, wide ? 2 : 1);
		print(w, "%c", c);
	}
	if (nul)
		put(w, 0, wide ? 2 : 1);
}

static void put_hex(struct writer *w, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		uint8_t b = (uint8_t)next(w);

		put(w, b, 1);
		if (strlen(w->text) + 3 < SAMPLE_TEXT_BYTES)
			print(w, "%02x", b);
	}
}

static void put_guid(struct writer *w)
{
	uint32_t a = (uint32_t)put_number(w, 4);
	uint16_t b = (uint16_t)put_number(w, 2), c = (uint16_t)put_number(w, 2);

	print(w, "%08" PRIx32 "-%04x-%04x-", a, b, c);
	put_hex(w, 2);
	print(w, "-");
	put_hex(w, 6);
}

static void put_address(struct writer *w, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		uint8_t b = (uint8_t)(1 + next(w) % 255);

		put(w, b, 1);
		if (bytes == 4)
			print(w, i ? ".%u" : "%u", b);
		else
			print(w, i % 2 ? "%02x" : i ? ":%x" : "%x", b);
	}
}

static void put_integer(struct writer *w, enum layout_type type)
{
	switch (type) {
	case LT_U8:
		print(w, "%" PRIu64, put_number(w, 1));
		break;
	case LT_I8:
		print(w, "%d", (int8_t)put_number(w, 1));
		break;
	case LT_U16:
		print(w, "%" PRIu64, put_number(w, 2));
		break;
	case LT_I16:
		print(w, "%d", (int16_t)put_number(w, 2));
		break;
	case LT_U32:
		print(w, "%" PRIu64, put_number(w, 4));
		break;
	case LT_I32:
		print(w, "%" PRId32, (int32_t)put_number(w, 4));
		break;
	case LT_I64:
		print(w, "%" PRId64, (int64_t)put_number(w, 8));
		break;
	case LT_HEX32: case LT_HEX64: case LT_PTR:
		print(w, "0x%" PRIx64, put_number(w, type == LT_HEX32 || (type == LT_PTR && w->pointer_bytes == 4) ? 4 : 8));
		break;
	default:
		print(w, "%" PRIu64, put_number(w, 8));
		break;
	}
}

/* Seconds of 2020-01-01 and on, so that the text is known without a calendar: the day stays the same. */
static void put_filetime(struct writer *w)
{
	uint32_t second = next(w) % 60;

	put(w, UINT64_C(132223104000000000) + (uint64_t)second * 10000000u, 8);
	print(w, "2020-01-01T00:00:%02" PRIu32 ".0000000Z", second);
}

static void put_field(struct writer *w, const struct layout_field *f)
{
	switch (f->type) {
	case LT_SID:
		put_sid(w);
		break;
	case LT_MOFSID:
		put(w, 8, w->pointer_bytes);
		put(w, 0, w->pointer_bytes);
		put_sid(w);
		break;
	case LT_WSTRZ: case LT_STRZ:
		put_text(w, 1 + next(w) % 12, f->type == LT_WSTRZ, true);
		break;
	case LT_WSTR_COUNTED:
		put_text(w, w->length, true, false);
		break;
	case LT_BYTES:
		put_hex(w, f->len_field == LAYOUT_NO_LEN_FIELD ? f->len : w->length * 2);
		break;
	case LT_REST:
		put_hex(w, 16);
		break;
	case LT_GUID:
		put_guid(w);
		break;
	case LT_IPV4: case LT_IPV6:
		put_address(w, f->type == LT_IPV4 ? 4 : 16);
		break;
	case LT_BOOL32:
		put(w, 1, 4);
		print(w, "true");
		break;
	case LT_PORT_BE:
		put(w, 0xbb01, 2);
		print(w, "443");
		break;
	case LT_FILETIME:
		put_filetime(w);
		break;
	default:
		put_integer(w, (enum layout_type)f->type);
		break;
	}
}

/* The field whose length field i holds, if any. */
static const struct layout_field *user_of_length(const struct layout *l, size_t i)
{
	for (size_t k = i + 1; k < l->field_count; k++) {
		if (l->fields[k].len_field == i)
			return &l->fields[k];
	}
	return NULL;
}

void layout_sample_fill(const struct layout *l, unsigned pointer_bytes, uint32_t seed, struct layout_sample *out)
{
	struct writer w = { .out = out, .state = seed, .pointer_bytes = pointer_bytes };

	memset(out, 0, sizeof *out);
	for (size_t i = 0; i < l->field_count; i++) {
		const struct layout_field *f = &l->fields[i], *user = user_of_length(l, i);

		w.text = out->text[i];
		out->offset[i] = (uint32_t)out->len;
		if (user) {
			uint32_t n = counted_length(&w, user);

			put(&w, n, f->type == LT_U16 ? 2 : 4);
			print(&w, "%" PRIu32, n);
		} else {
			put_field(&w, f);
		}
	}
	out->offset[l->field_count] = (uint32_t)out->len;
}
