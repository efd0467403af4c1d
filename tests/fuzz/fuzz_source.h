/* fuzz_source: arbitrary bytes through a reader of recordings; every view that a record carries is touched. */
#ifndef VITRINE_TESTS_FUZZ_SOURCE_H
#define VITRINE_TESTS_FUZZ_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "collector/import/input/byte_input.h"
#include "collector/source.h"

typedef enum status fuzz_source_open(struct byte_input *in, struct record_source **out, struct diag *why);

static inline void fuzz_touch(uint64_t *sum, const void *ptr, size_t len)
{
	const uint8_t *p = ptr;

	for (size_t i = 0; i < len; i++)
		*sum += p[i];
}

static inline enum status fuzz_on_hello(void *ctx, const struct stream_hello *h)
{
	*(uint64_t *)ctx += h->schema_version;
	return ST_OK;
}

static inline enum status fuzz_on_record(void *ctx, const struct record *r)
{
	for (size_t i = 0; i < r->value_count; i++) {
		fuzz_touch(ctx, r->values[i].name.ptr, r->values[i].name.len);
		fuzz_touch(ctx, r->values[i].value.ptr, r->values[i].value.len);
	}
	fuzz_touch(ctx, r->host.ptr, r->host.len);
	fuzz_touch(ctx, r->channel.ptr, r->channel.len);
	fuzz_touch(ctx, r->sid.ptr, r->sid.len);
	fuzz_touch(ctx, r->provider_name.ptr, r->provider_name.len);
	return ST_OK;
}

static inline enum status fuzz_on_loss(void *ctx, const struct stream_loss *l)
{
	fuzz_touch(ctx, l->session.ptr, l->session.len);
	return ST_OK;
}

static inline void fuzz_on_damage(void *ctx, const struct source_damage *d)
{
	*(uint64_t *)ctx += d->skipped_bytes;
}

static inline void fuzz_source_run(const uint8_t *data, size_t size, fuzz_source_open *open)
{
	uint64_t sum = 0;
	const struct source_sink sink = { .hello = fuzz_on_hello, .record = fuzz_on_record, .loss = fuzz_on_loss,
		.damage = fuzz_on_damage, .ctx = &sum };
	struct byte_input *in = byte_input_of_memory(data, size);
	struct record_source *source;

	if (in && open(in, &source, NULL) == ST_OK) {
		source->run(source, &sink, NULL);
		source->close(source);
	}
	byte_input_close(in);
}

#endif
