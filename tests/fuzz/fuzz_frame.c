/* links: proto_wire */
/* A stream of arbitrary bytes, fed in pieces whose sizes come from the bytes too. */
#include <stddef.h>
#include <stdint.h>

#include "proto/wire/stream_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum status touch_record(void *ctx, const struct record *r)
{
	uint64_t *sum = ctx;

	for (size_t i = 0; i < r->payload.len; i++)
		*sum += r->payload.ptr[i];
	for (size_t i = 0; i < r->value_count; i++)
		*sum += r->values[i].name.len ? (uint8_t)r->values[i].name.ptr[r->values[i].name.len - 1] : 0;
	*sum += r->host.len + r->channel.len + r->provider_name.len;
	return ST_OK;
}

static enum status touch_hello(void *ctx, const struct stream_hello *h)
{
	uint64_t *sum = ctx;

	for (size_t i = 0; i < h->provider_count; i++)
		*sum += h->providers[i].guid.b[15] + h->providers[i].name.len;
	for (size_t i = 0; i < h->device_path_count; i++)
		*sum += h->device_paths[i].device.len + h->device_paths[i].drive.len;
	return ST_OK;
}

static enum status touch_snapshot(void *ctx, const struct stream_snapshot *s)
{
	uint64_t *sum = ctx;

	for (size_t i = 0; i < s->process_count; i++)
		*sum += s->processes[i].image_path.len + s->processes[i].user_sid.len;
	for (size_t i = 0; i < s->container_count; i++)
		*sum += s->containers[i].hcs_json.len + s->containers[i].silo.b[0];
	return ST_OK;
}

static enum status touch_loss(void *ctx, const struct stream_loss *l)
{
	*(uint64_t *)ctx += l->session.len + (uint64_t)l->reason;
	return ST_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct stream_callbacks calls = { .hello = touch_hello, .record = touch_record, .loss = touch_loss,
		.snapshot = touch_snapshot };
	volatile uint64_t sum = 0;
	struct diag why = DIAG_INIT;
	struct stream_reader *r = stream_reader_create(&calls, (void *)&sum);
	enum status st = r ? ST_OK : ST_NOMEM;

	for (size_t at = 0; st == ST_OK && at < size;) {
		size_t step = (size_t)data[at] * 3 + 1;

		if (step > size - at)
			step = size - at;
		st = stream_reader_feed(r, data + at, step, &why);
		at += step;
	}
	if (st == ST_OK)
		st = stream_reader_finish(r, &why);
	stream_reader_destroy(r);
	return 0;
}
