/* links: collector_import_csv */
/* Arbitrary text, read as a table of events. Every view a record carries is touched. */
#include <stddef.h>
#include <stdint.h>

#include "collector/import/csv/csv_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void touch(uint64_t *sum, const void *ptr, size_t len)
{
	const uint8_t *p = ptr;

	for (size_t i = 0; i < len; i++)
		*sum += p[i];
}

static enum status on_hello(void *ctx, const struct stream_hello *h)
{
	*(uint64_t *)ctx += h->schema_version;
	return ST_OK;
}

static enum status on_record(void *ctx, const struct record *r)
{
	for (size_t i = 0; i < r->value_count; i++) {
		touch(ctx, r->values[i].name.ptr, r->values[i].name.len);
		touch(ctx, r->values[i].value.ptr, r->values[i].value.len);
	}
	touch(ctx, r->host.ptr, r->host.len);
	touch(ctx, r->channel.ptr, r->channel.len);
	touch(ctx, r->sid.ptr, r->sid.len);
	touch(ctx, r->provider_name.ptr, r->provider_name.len);
	return ST_OK;
}

static enum status on_loss(void *ctx, const struct stream_loss *l)
{
	touch(ctx, l->session.ptr, l->session.len);
	return ST_OK;
}

static void on_damage(void *ctx, const struct source_damage *d)
{
	*(uint64_t *)ctx += d->skipped_bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t sum = 0;
	const struct source_sink sink = {
		.hello = on_hello, .record = on_record, .loss = on_loss, .damage = on_damage, .ctx = &sum
	};
	struct byte_input *in = byte_input_of_memory(data, size);
	struct record_source *source;

	if (in && csv_source_open(in, &source, NULL) == ST_OK) {
		source->run(source, &sink, NULL);
		source->close(source);
	}
	byte_input_close(in);
	return 0;
}
