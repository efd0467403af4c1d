#include "policyd/decode/raw_value.h"

#include <inttypes.h>
#include <stdio.h>

#include "policyd/decode/decode.h"
#include "policyd/decode/sid.h"
#include "policyd/decode/sockaddr.h"
#include "proto/base/clock.h"
#include "proto/base/text.h"

/* Longest text of every type that is not text or bytes: a SID. */
enum { SCALAR_TEXT_BYTES = SID_TEXT_BYTES };

static struct view drop_tail(struct view v, size_t n)
{
	return (struct view){ .ptr = v.ptr, .len = v.len - n };
}

struct view raw_value_content(const struct value *v, unsigned pointer_bytes)
{
	struct view b = v->bytes;
	size_t head = pointer_bytes == 4 ? 8 : 16;

	switch (v->type) {
	case LT_WSTRZ:
		return b.len >= 2 && b.len % 2 == 0 && load_u16le(b.ptr + b.len - 2) == 0 ? drop_tail(b, 2) : b;
	case LT_STRZ:
		return b.len >= 1 && b.ptr[b.len - 1] == 0 ? drop_tail(b, 1) : b;
	case LT_MOFSID:
		if (b.len <= head)
			return drop_tail(b, b.len);
		return (struct view){ .ptr = b.ptr + head, .len = b.len - head };
	default:
		return b;
	}
}

static bool read_number(const struct value *v, uint64_t *out)
{
	struct bytes in = bytes_of(v->bytes.ptr, v->bytes.len);

	switch (v->type) {
	case LT_U8: case LT_I8: case LT_BOOL8:
		*out = bytes_u8(&in);
		break;
	case LT_U16: case LT_I16:
		*out = bytes_u16le(&in);
		break;
	case LT_U32: case LT_I32: case LT_HEX32: case LT_BOOL32:
		*out = bytes_u32le(&in);
		break;
	case LT_U64: case LT_I64: case LT_HEX64: case LT_FILETIME:
		*out = bytes_u64le(&in);
		break;
	case LT_PTR:
		*out = bytes_pointer(&in, (unsigned)v->bytes.len);
		break;
	case LT_PORT_BE:
		*out = bytes_u16be(&in);
		break;
	default:
		return false;
	}
	return !in.failed;
}

bool raw_value_parse_number(const char *text, size_t len, uint64_t *out)
{
	uint64_t n = 0;
	unsigned base = 10;
	size_t i = 0;

	while (len > 0 && text[len - 1] == ' ')
		len--;
	while (i < len && text[i] == ' ')
		i++;
	if (len - i > 2 && text[i] == '0' && text_fold(text[i + 1]) == 'x') {
		base = 16;
		i += 2;
	}
	if (i == len)
		return false;
	for (; i < len; i++) {
		char c = text_fold(text[i]);
		unsigned digit = c >= '0' && c <= '9' ? (unsigned)(c - '0') : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 99;

		if (digit >= base || n > (UINT64_MAX - digit) / base)
			return false;
		n = n * base + digit;
	}
	*out = n;
	return true;
}

bool raw_value_get_u64(const struct value *v, uint64_t *out)
{
	char text[24];
	size_t n;

	if (v->bytes.len == 0)
		return false;
	if (v->type != LT_WSTRZ && v->type != LT_STRZ && v->type != LT_WSTR_COUNTED)
		return read_number(v, out);
	if (raw_value_text_max(v) > 3 * sizeof text)
		return false;
	n = raw_value_write(v, 8, text, sizeof text);
	return raw_value_parse_number(text, n, out);
}

size_t raw_value_text_max(const struct value *v)
{
	switch (v->type) {
	case LT_WSTRZ: case LT_WSTR_COUNTED:
		return TEXT_UTF8_MAX(v->bytes.len);
	case LT_STRZ:
		return v->bytes.len * 3;
	case LT_BYTES: case LT_REST:
		if (v->slot == SLOT_SCRIPT_TEXT)
			return v->bytes.len * 3;
		return (v->bytes.len < LIMIT_HEX_BYTES ? v->bytes.len : LIMIT_HEX_BYTES) * 2 + SOCKADDR_TEXT_BYTES;
	default:
		return SCALAR_TEXT_BYTES;
	}
}

/* 8-bit text is in a code page the record does not name: ASCII and valid UTF-8 stay, any other byte becomes U+FFFD. */
static size_t write_text8(struct view in, char *out, size_t out_bytes)
{
	static const char replacement[3] = { (char)0xef, (char)0xbf, (char)0xbd };
	size_t n = 0, used = 0;

	while (used < in.len) {
		const char *from = (const char *)in.ptr + used;
		size_t take = text_utf8_sequence(from, in.len - used);
		size_t put = take ? take : sizeof replacement;

		if (put > out_bytes - n)
			break;
		memcpy(out + n, take ? from : replacement, put);
		n += put;
		used += take ? take : 1;
	}
	return n;
}

/* Scanned content without a type: script engines hand over UTF-16, other callers bytes. Text in UTF-16 that is mostly
 * of ASCII letters has a zero in most odd places. */
static size_t write_content(struct view in, char *out, size_t out_bytes)
{
	size_t zeros = 0;

	for (size_t i = 1; i < in.len; i += 2)
		zeros += in.ptr[i] == 0;
	if (in.len >= 2 && in.len % 2 == 0 && zeros * 2 >= in.len / 2)
		return text_utf16_to_utf8(in, out, out_bytes);
	return write_text8(in, out, out_bytes);
}

static size_t write_hex(struct view in, char *out, size_t out_bytes)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = 0;

	for (size_t i = 0; i < in.len && i < LIMIT_HEX_BYTES && out_bytes - n >= 2; i++) {
		out[n++] = digits[in.ptr[i] >> 4];
		out[n++] = digits[in.ptr[i] & 15];
	}
	if (in.len > LIMIT_HEX_BYTES && out_bytes - n >= 3) {
		memcpy(out + n, "...", 3);
		n += 3;
	}
	return n;
}

static int print_calendar(const struct calendar *c, char *out, size_t out_bytes)
{
	return snprintf(out, out_bytes, "%04d-%02d-%02dT%02d:%02d:%02d.%07" PRIu32 "Z", c->year, c->month, c->day, c->hour,
		c->minute, c->second, c->nanosecond / 100);
}

/* FILETIME as the event log writes it; before 1970 the number itself. */
static int print_filetime(uint64_t t, char *out, size_t out_bytes)
{
	struct calendar c;

	if (t < FILETIME_UNIX_EPOCH_100NS || filetime_to_unix_ns(t) == INT64_MAX)
		return snprintf(out, out_bytes, "%" PRIu64, t);
	calendar_from_unix_ns(filetime_to_unix_ns(t), &c);
	return print_calendar(&c, out, out_bytes);
}

/* SYSTEMTIME: year, month, day of week, day, hour, minute, second, milliseconds; u16 each. */
static int print_systemtime(struct bytes in, char *out, size_t out_bytes)
{
	struct calendar c;

	c.year = bytes_u16le(&in);
	c.month = bytes_u16le(&in);
	bytes_skip(&in, 2);
	c.day = bytes_u16le(&in);
	c.hour = bytes_u16le(&in);
	c.minute = bytes_u16le(&in);
	c.second = bytes_u16le(&in);
	c.nanosecond = (uint32_t)bytes_u16le(&in) * 1000000u;
	return in.failed ? 0 : print_calendar(&c, out, out_bytes);
}

static int print_float(const struct value *v, char *out, size_t out_bytes)
{
	struct bytes in = bytes_of(v->bytes.ptr, v->bytes.len);
	double d;
	float f;

	if (v->type == LT_FLOAT64) {
		uint64_t bits = bytes_u64le(&in);

		memcpy(&d, &bits, sizeof d);
		return in.failed ? 0 : snprintf(out, out_bytes, "%.17g", d);
	}
	uint32_t bits = bytes_u32le(&in);

	memcpy(&f, &bits, sizeof f);
	return in.failed ? 0 : snprintf(out, out_bytes, "%.9g", (double)f);
}

static int print_number(const struct value *v, char *out, size_t out_bytes)
{
	uint64_t n = 0;

	if (!read_number(v, &n))
		return 0;
	switch (v->type) {
	case LT_I8:
		return snprintf(out, out_bytes, "%d", (int8_t)n);
	case LT_I16:
		return snprintf(out, out_bytes, "%d", (int16_t)n);
	case LT_I32:
		return snprintf(out, out_bytes, "%" PRId32, (int32_t)n);
	case LT_I64:
		return snprintf(out, out_bytes, "%" PRId64, (int64_t)n);
	case LT_HEX32: case LT_HEX64: case LT_PTR:
		return snprintf(out, out_bytes, "0x%" PRIx64, n);
	case LT_BOOL8: case LT_BOOL32:
		return snprintf(out, out_bytes, "%s", n ? "true" : "false");
	case LT_FILETIME:
		return print_filetime(n, out, out_bytes);
	default:
		return snprintf(out, out_bytes, "%" PRIu64, n);
	}
}

static int print_scalar(const struct value *v, unsigned pointer_bytes, char out[SCALAR_TEXT_BYTES])
{
	struct guid guid;

	switch (v->type) {
	case LT_SID: case LT_MOFSID:
		return (int)sid_format(raw_value_content(v, pointer_bytes), out);
	case LT_IPV4: case LT_IPV6:
		return (int)address_format(v->bytes, out);
	case LT_GUID:
		if (v->bytes.len != sizeof guid.b)
			return 0;
		memcpy(guid.b, v->bytes.ptr, sizeof guid.b);
		guid_format(&guid, out);
		return GUID_TEXT_BYTES - 1;
	case LT_SYSTEMTIME:
		return print_systemtime(bytes_of(v->bytes.ptr, v->bytes.len), out, SCALAR_TEXT_BYTES);
	case LT_FLOAT32: case LT_FLOAT64:
		return print_float(v, out, SCALAR_TEXT_BYTES);
	default:
		return print_number(v, out, SCALAR_TEXT_BYTES);
	}
}

static size_t write_short(const char *text, size_t len, char *out, size_t out_bytes)
{
	if (len > out_bytes)
		len = out_bytes;
	memcpy(out, text, len);
	return len;
}

size_t raw_value_write(const struct value *v, unsigned pointer_bytes, char *out, size_t out_bytes)
{
	char text[SCALAR_TEXT_BYTES];
	size_t n = 0;

	switch (v->type) {
	case LT_WSTRZ: case LT_WSTR_COUNTED:
		return text_utf16_to_utf8(raw_value_content(v, pointer_bytes), out, out_bytes);
	case LT_STRZ:
		return write_text8(raw_value_content(v, pointer_bytes), out, out_bytes);
	case LT_BYTES: case LT_REST:
		if (v->slot == SLOT_SCRIPT_TEXT)
			return write_content(v->bytes, out, out_bytes);
		if (v->slot == SLOT_LOCAL_SOCKADDR || v->slot == SLOT_REMOTE_SOCKADDR)
			n = sockaddr_format(v->bytes, text);
		return n ? write_short(text, n, out, out_bytes) : write_hex(v->bytes, out, out_bytes);
	default:
		if (v->bytes.len == 0)
			return 0;
		return write_short(text, (size_t)print_scalar(v, pointer_bytes, text), out, out_bytes);
	}
}

static bool is_ascii(struct view v)
{
	uint8_t any = 0;

	for (size_t i = 0; i < v.len; i++)
		any |= v.ptr[i];
	return any < 0x80;
}

bool raw_value_get_text(const struct value *v, unsigned pointer_bytes, struct arena *scratch, struct text_view *out)
{
	struct view content = raw_value_content(v, pointer_bytes);
	size_t max = raw_value_text_max(v);
	char *text;

	if (v->bytes.len == 0)
		return false;
	if (v->type == LT_STRZ && is_ascii(content)) {
		*out = (struct text_view){ .ptr = (const char *)content.ptr, .len = content.len };
		return true;
	}
	text = arena_alloc(scratch, max ? max : 1);
	if (!text)
		return false;
	*out = (struct text_view){ .ptr = text, .len = raw_value_write(v, pointer_bytes, text, max) };
	return out->len > 0 || v->type == LT_WSTRZ || v->type == LT_STRZ || v->type == LT_WSTR_COUNTED;
}
