/* links: policyd_decode */
/* One record of arbitrary payload for any layout, or a self-describing one of arbitrary schema, or a log record; then
 * every value of it in every form.
 * Input: u16 number of the layout (past the last: TraceLogging or named by its parity), u8 version added, u8 pointer
 * width (bit 0) and build (rest), u16 length of the schema, schema, payload. */
#include <stddef.h>
#include <stdint.h>

#include "policyd/decode/decode.h"
#include "policyd/decode/named.h"

enum { SCRATCH_BYTES = 1 << 20, NAMED_VALUES = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct layout *pick_layout(size_t number, const struct provider **out)
{
	for (size_t i = 0; i < provider_count; i++) {
		*out = providers[i];
		if (number < providers[i]->layout_count)
			return &providers[i]->layouts[number];
		number -= providers[i]->layout_count;
	}
	return NULL;
}

static uint64_t touch_args(const struct event *ev, struct arena *scratch)
{
	struct text_view name = { "", 0 }, text = { "", 0 };
	uint64_t sum = 0;

	if (event_format_args(ev, scratch, &text))
		sum += text.len ? (uint8_t)text.ptr[text.len - 1] : 0;
	if (event_get_name(ev, &name))
		sum += name.len;
	for (size_t i = 0; ev->layout && i < ev->layout->field_count; i++) {
		const char *field = ev->layout->fields[i].name;

		sum += event_get_arg(ev, (struct text_view){ field, strlen(field) }, scratch, &text) ? text.len : 0;
	}
	return sum + (event_get_arg(ev, (struct text_view){ "a", 1 }, scratch, &text) ? text.len : 0);
}

static uint64_t touch_slots(const struct event *ev, struct arena *scratch)
{
	uint64_t sum = 0, n = 0;

	for (int slot = 0; slot < SLOT_COUNT; slot++) {
		struct text_view text;
		struct view bytes;

		sum += event_has(ev, (enum slot)slot);
		sum += event_get_u64(ev, (enum slot)slot, &n) ? n : 0;
		if (event_get_text(ev, (enum slot)slot, scratch, &text) && text.len)
			sum += (uint8_t)text.ptr[text.len - 1];
		if (event_get_bytes(ev, (enum slot)slot, &bytes) && bytes.len)
			sum += bytes.ptr[bytes.len - 1];
	}
	return sum;
}

static struct record make_record(struct bytes *in, struct named_value values[NAMED_VALUES])
{
	struct record r = { .kind = RECORD_ETW };
	const struct provider *p = NULL;
	size_t number = bytes_u16le(in), named = 0;
	const struct layout *l = pick_layout(number, &p);
	uint8_t version = bytes_u8(in), width = bytes_u8(in);

	r.pointer_bytes = width & 1 ? 4 : 8;
	r.os_build = (uint32_t)(width >> 1) * 250;
	r.schema = bytes_view(in, bytes_u16le(in));
	if (in->failed)
		r.schema.len = 0;
	for (size_t i = 0; i < named_provider_count; i++)
		named += named_providers[i]->layout_count;
	if (l) {
		r.provider = p->guid;
		r.flags = p->classic ? RECORD_CLASSIC : 0;
		r.id = l->id;
		r.opcode = (uint8_t)l->id;
		r.version = (uint8_t)(l->version + version);
	} else if (number % 2 == 0 || named == 0) {
		r.flags = RECORD_TRACELOGGING;
	} else {
		const struct named_provider *log = named_providers[number / 2 % named_provider_count];
		const struct named_layout *row = &log->layouts[number / 2 / named_provider_count % log->layout_count];

		r.kind = RECORD_NAMED;
		r.provider_name = (struct text_view){ row->provider, strlen(row->provider) };
		r.id = row->id;
		for (size_t i = 0; i < NAMED_VALUES; i++) {
			const char *name = row->rows[i % row->row_count].name;
			struct view v = bytes_view(in, bytes_left(in) / 2);

			values[i].name = (struct text_view){ name, strlen(name) };
			values[i].value = (struct text_view){ v.len ? (const char *)v.ptr : "", v.len };
		}
		r.values = values;
		r.value_count = NAMED_VALUES;
	}
	r.payload = bytes_view(in, bytes_left(in));
	return r;
}

/* Built once: it is constant, and takes longer than a decode. */
static struct decoder *shared_decoder(void)
{
	static struct decoder *d;

	if (!d)
		d = decoder_create();
	return d;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size);
	struct named_value values[NAMED_VALUES];
	struct decoder *d = shared_decoder();
	struct arena *scratch = arena_create(SCRATCH_BYTES);
	struct record r = make_record(&in, values);
	volatile uint64_t sum = 0;
	struct event ev;

	if (d && scratch && decode_record(d, &r, &ev) == ST_OK)
		sum = touch_args(&ev, scratch) + touch_slots(&ev, scratch);
	(void)sum;
	arena_destroy(scratch);
	return 0;
}
