/* bench_decode: nanoseconds of processor time to decode one record of the usual kinds, and to read values from it; the
 * best of several rounds. Not a test: prints figures.
 * usage: bench_decode [rounds] */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "policyd/decode/decode.h"
#include "policyd/decode/providers.h"

enum { PAYLOAD_BYTES = 1024, PATH_CHARS = 72, NAME_CHARS = 11, SCRATCH_BYTES = 1 << 20, ROUND = 200000 };

struct kind {
	const char *name;
	const struct provider *provider;
	uint16_t id;
	uint8_t version;
	enum slot text, number;
	struct record rec;
	uint8_t payload[PAYLOAD_BYTES];
};

static double now_ns(void)
{
	return (double)clock() * (1e9 / CLOCKS_PER_SEC);
}

static size_t put_field(const struct layout_field *f, uint8_t *p)
{
	static const uint8_t sid[] = { 1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 0xe9, 3, 0, 0 };
	static const uint8_t fixed[LT_COUNT] = { [LT_U8] = 1, [LT_U16] = 2, [LT_U32] = 4, [LT_U64] = 8, [LT_I32] = 4, [LT_PTR] = 8,
		[LT_FILETIME] = 8, [LT_IPV4] = 4, [LT_IPV6] = 16, [LT_PORT_BE] = 2 };
	size_t head = f->type == LT_MOFSID ? 16 : 0;

	switch (f->type) {
	case LT_WSTRZ:
		for (size_t i = 0; i < PATH_CHARS; i++)
			p[i * 2] = (uint8_t)('a' + i % 26);
		return PATH_CHARS * 2 + 2;
	case LT_STRZ:
		memset(p, 'a', NAME_CHARS);
		return NAME_CHARS + 1;
	case LT_SID: case LT_MOFSID:
		memset(p, 1, head);
		memcpy(p + head, sid, sizeof sid);
		return head + sizeof sid;
	default:
		memset(p, 1, fixed[f->type]);
		return fixed[f->type];
	}
}

static bool prepare(struct kind *k)
{
	size_t len = 0;

	for (size_t i = 0; i < k->provider->layout_count; i++) {
		const struct layout *l = &k->provider->layouts[i];

		if (l->id != k->id || l->version != k->version)
			continue;
		for (size_t f = 0; f < l->field_count; f++)
			len += put_field(&l->fields[f], k->payload + len);
		k->rec = (struct record){ .kind = RECORD_ETW, .flags = k->provider->classic ? RECORD_CLASSIC : 0,
			.provider = k->provider->guid, .id = k->id, .opcode = (uint8_t)k->id, .version = k->version,
			.pointer_bytes = 8, .os_build = 20348, .payload = { k->payload, len } };
		return true;
	}
	return false;
}

struct figures {
	double decode, number, text;    /* ns a call */
};

static void keep_best(double *best, double start, double end)
{
	double ns = (end - start) / ROUND;

	if (*best == 0 || ns < *best)
		*best = ns;
}

/* Adds to the figures what one round took; returns a sum that keeps the calls from being left out, 0 on failure. */
static uint64_t run_round(const struct decoder *d, const struct kind *k, struct arena *scratch, struct figures *best)
{
	static struct event ev;
	struct text_view text = { "", 0 };
	uint64_t n = 0, sum = 0, ok = 0;
	double start = now_ns(), decoded, numbers;

	for (uint64_t i = 0; i < ROUND; i++)
		ok += decode_record(d, &k->rec, &ev) == ST_OK;
	decoded = now_ns();
	for (uint64_t i = 0; i < ROUND; i++)
		sum += event_get_u64(&ev, k->number, &n) ? n : 0;
	numbers = now_ns();
	for (uint64_t i = 0; i < ROUND; i++) {
		arena_reset(scratch);
		sum += event_get_text(&ev, k->text, scratch, &text) ? text.len : 0;
	}
	keep_best(&best->text, numbers, now_ns());
	keep_best(&best->number, decoded, numbers);
	keep_best(&best->decode, start, decoded);
	return ok == ROUND ? sum : 0;
}

static void measure(const struct decoder *d, const struct kind *k, unsigned rounds, struct arena *scratch)
{
	struct figures best = { 0, 0, 0 };
	bool ok = true;

	for (unsigned i = 0; i < rounds; i++)
		ok &= run_round(d, k, scratch, &best) != 0;
	printf("%-22s %4zu bytes  decode %6.1f ns  number %5.1f ns  text %6.1f ns%s\n", k->name, k->rec.payload.len,
		best.decode, best.number, best.text, ok ? "" : "  FAILED");
}

int main(int argc, char **argv)
{
	static struct kind kinds[] = {
		{ "Kernel-Process 1 v3", &provider_kernel_process, 1, 3, SLOT_IMAGE_PATH, SLOT_PID, { .kind = RECORD_ETW }, { 0 } },
		{ "classic Process 1 v4", &provider_classic_process, 1, 4, SLOT_CMDLINE, SLOT_PID, { .kind = RECORD_ETW }, { 0 } },
		{ "classic Thread 1 v3", &provider_classic_thread, 1, 3, SLOT_WIN32_START_ADDR, SLOT_TID, { .kind = RECORD_ETW }, { 0 } },
		{ "classic Image 10 v3", &provider_classic_image, 10, 3, SLOT_MODULE_PATH, SLOT_PID, { .kind = RECORD_ETW }, { 0 } },
		{ "Kernel-File 12 v1", &provider_kernel_file, 12, 1, SLOT_FILE_PATH, SLOT_FILE_OBJECT, { .kind = RECORD_ETW }, { 0 } },
		{ "Kernel-File 16 v1", &provider_kernel_file, 16, 1, SLOT_IO_SIZE, SLOT_FILE_OBJECT, { .kind = RECORD_ETW }, { 0 } },
		{ "Kernel-Registry 2 v0", &provider_kernel_registry, 2, 0, SLOT_KEY_NAME, SLOT_KEY_OBJECT, { .kind = RECORD_ETW }, { 0 } },
		{ "Kernel-Network 11 v0", &provider_kernel_network, 11, 0, SLOT_REMOTE_ADDR, SLOT_PID, { .kind = RECORD_ETW }, { 0 } },
	};
	unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 10;
	struct decoder *d = decoder_create();
	struct arena *scratch = arena_create(SCRATCH_BYTES);

	for (size_t i = 0; d && scratch && i < sizeof kinds / sizeof kinds[0]; i++) {
		if (prepare(&kinds[i]))
			measure(d, &kinds[i], rounds, scratch);
	}
	decoder_destroy(d);
	arena_destroy(scratch);
	return d && scratch ? 0 : 1;
}
