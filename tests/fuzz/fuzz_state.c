/* links: policyd_fields policyd_state policyd_decode */
/* A sequence of records of any layout, with arbitrary payloads and times, through decode and state, then every field of
 * every event that rules would see. Nothing may crash, and no table may grow past its limits.
 * Input, repeated: u16 number of the layout, u8 version added, u8 header (bit 0: pointer width, 1: header pid known,
 * 2: container item, 3: clock jumps, 4: snapshot instead, 5: log record), u8 time step in ms (4 s when it jumps),
 * u8 pid, u16 length of the payload, payload. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "policyd/decode/decode.h"
#include "policyd/decode/named.h"
#include "policyd/fields/fields.h"
#include "policyd/state/state.h"

enum { SCRATCH_BYTES = 4 << 20, MAX_RECORDS = 4096, MAX_PROCS = 64, MAX_NAMES = 64, NAMED_VALUES = 6 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
	struct decoder *decoder;
	struct state *state;
	struct arena *scratch;
	uint64_t now_100ns;
	uint64_t sum;                  /* of bytes read, so that reads are not optimised away */
};

static const struct layout *pick_layout(size_t number, const struct provider **out)
{
	for (size_t i = 0; i < provider_count; i++) {
		*out = providers[i];
		if (number < providers[i]->layout_count)
			return &providers[i]->layouts[number];
		number -= providers[i]->layout_count;
	}
	*out = providers[0];
	return &providers[0]->layouts[0];
}

static void read_field(struct run *r, const struct field *f, const struct event_view *view, bool with_arg)
{
	struct field_arg arg = { .present = with_arg, .key = "ProcessId", .key_len = 9, .index = 1,
		.is_index = f->arg >= FIELD_ARG_INDEX_REQUIRED };
	struct value out = { .u = 0 };

	if (f->get(f, &arg, view, &out) != FIELD_OK || (f->flags & FIELD_LIST))
		return;
	if (f->type != VT_STRING && f->type != VT_PATH && f->type != VT_BYTES)
		return;
	for (size_t k = 0; k < out.str.len; k++)
		r->sum += (uint8_t)out.str.ptr[k];
}

static void read_fields(struct run *r, const struct event *ev)
{
	const struct vocabulary *v = fields_vocabulary();
	struct fields_ctx ctx = { .ev = ev, .state = r->state, .number = 1 };
	struct event_view view = { .ctx = &ctx, .type = (uint16_t)(ev->kind - 1), .scratch = r->scratch };

	arena_reset(r->scratch);
	for (size_t i = 0; i < v->field_count; i++) {
		const struct field *f = &v->fields[i];

		read_field(r, f, &view, f->arg != FIELD_ARG_NONE);
		if (f->arg == FIELD_ARG_INDEX_OPTIONAL)
			read_field(r, f, &view, false);
	}
}

static void on_emit(void *ctx, struct event *ev)
{
	read_fields(ctx, ev);
}

static void snapshot(struct run *r, struct bytes *in)
{
	struct stream_process proc = { .pid = bytes_u8(in), .ppid = bytes_u8(in) };
	struct stream_container container = { .id = { "0123456789abcdef", bytes_u8(in) % 17 } };
	struct stream_snapshot snap = { .time_100ns = r->now_100ns, .processes = &proc, .process_count = 1,
		.containers = &container, .container_count = 1 };

	container.silo.b[0] = proc.container.b[0] = bytes_u8(in);
	proc.create_time_100ns = bytes_u8(in) & 1 ? r->now_100ns : 0;
	proc.image_path = (struct text_view){ "\\Device\\HarddiskVolume3\\Windows\\System32\\smss.exe", bytes_u8(in) % 49 };
	state_apply_snapshot(r->state, &snap);
}

static void make_log_record(struct record *rec, struct named_value values[NAMED_VALUES], uint16_t number)
{
	size_t total = 0, k = 0;
	const struct named_layout *l = NULL;

	for (size_t i = 0; i < named_provider_count; i++)
		total += named_providers[i]->layout_count;
	number = (uint16_t)(total ? number % total : 0);
	for (size_t i = 0; i < named_provider_count && !l; i++) {
		if (number < named_providers[i]->layout_count)
			l = &named_providers[i]->layouts[number];
		number = (uint16_t)(number - named_providers[i]->layout_count);
	}
	rec->kind = RECORD_NAMED;
	if (!l)
		return;
	rec->id = l->id;
	rec->provider_name = (struct text_view){ l->provider, strlen(l->provider) };
	for (size_t i = 0; i < l->row_count && k < NAMED_VALUES && rec->payload.len; i++, k++) {
		size_t part = rec->payload.len / NAMED_VALUES;

		values[k].name = (struct text_view){ l->rows[i].name, strlen(l->rows[i].name) };
		values[k].value = (struct text_view){ (const char *)rec->payload.ptr + k * part, part };
	}
	rec->values = values;
	rec->value_count = k;
}

static void apply(struct run *r, const struct record *rec)
{
	struct event ev;

	state_advance(r->state, rec->time_100ns, on_emit, r);
	if (decode_record(r->decoder, rec, &ev) == ST_OK && state_apply_event(r->state, &ev) == STATE_EVALUATE)
		read_fields(r, &ev);
}

static void one_record(struct run *r, struct bytes *in)
{
	struct named_value values[NAMED_VALUES];
	const struct provider *p;
	uint16_t number = bytes_u16le(in);
	const struct layout *l = pick_layout(number, &p);
	uint8_t version = bytes_u8(in), header = bytes_u8(in), step = bytes_u8(in), pid = bytes_u8(in);
	size_t want = bytes_u16le(in);
	struct record rec = { .kind = RECORD_ETW, .provider = p->guid, .version = (uint8_t)(l->version + version),
		.flags = p->classic ? RECORD_CLASSIC : 0, .id = p->classic ? 0 : l->id, .tid = pid,
		.opcode = (uint8_t)(p->classic ? l->id : 0), .pointer_bytes = header & 1 ? 4 : 8,
		.pid = header & 2 ? pid : UINT32_MAX };

	r->now_100ns += header & 8 ? 40000000u : step * 10000u;
	rec.time_100ns = r->now_100ns;
	if (header & 4) {
		rec.flags |= RECORD_HAS_CONTAINER;
		rec.container.b[0] = pid;
	}
	if (header & 16) {
		snapshot(r, in);
		return;
	}
	rec.payload = bytes_view(in, want < bytes_left(in) ? want : bytes_left(in));
	if (header & 32)
		make_log_record(&rec, values, number);
	apply(r, &rec);
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
	const struct state_limits limits = { .max_procs = MAX_PROCS, .max_names = MAX_NAMES, .max_threads = MAX_NAMES,
		.proc_text_bytes = 512 * 1024, .name_text_bytes = 512 * 1024 };
	struct run r = { .decoder = shared_decoder(), .state = state_create(&limits), .scratch = arena_create(SCRATCH_BYTES),
		.now_100ns = UINT64_C(133800000000000000) };
	struct bytes in = bytes_of(data, size);
	struct state_stats stats;

	for (int i = 0; r.decoder && r.state && r.scratch && i < MAX_RECORDS && bytes_left(&in); i++)
		one_record(&r, &in);
	if (r.state) {
		state_flush(r.state, on_emit, &r);
		state_get_stats(r.state, &stats);
		if (stats.procs > MAX_PROCS * stats.hosts || stats.files > MAX_NAMES * stats.hosts ||
			stats.text_bytes > 1024 * 1024 || stats.containers > STATE_MAX_CONTAINERS)
			abort();
	}
	arena_destroy(r.scratch);
	state_destroy(r.state);
	return r.sum == UINT64_MAX;
}
