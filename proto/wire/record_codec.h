/* record_codec: the body of a RECORDS frame <-> struct record, without a copy on the way in and without an
 * allocation per record on either. Hand-written protobuf of message Records (proto/schema/stream.proto); a test
 * compares it with generated code. Knows rows of the tables only by number. Not thread-safe. */
#ifndef VITRINE_WIRE_RECORD_CODEC_H
#define VITRINE_WIRE_RECORD_CODEC_H

#include "proto/base/buf.h"
#include "proto/base/limits.h"
#include "proto/stream.h"
#include "proto/wire/protobuf_wire.h"

struct record_rows {         /* what a record refers to, counted from 1; 0: none */
	uint32_t provider, channel, host;
};

enum { RECORDS_HEAD_MAX_BYTES = 1 + WIRE_VARINT_MAX_BYTES + 2 };

/* The parts of a Records message, in the order they must be appended: head, rows, records.
 * ST_LIMIT: a part is larger than a reader would accept, or *out is full; *out is as before. ST_NOMEM. */
enum status record_codec_put_head(uint64_t first_seq, bool reset_tables, struct buf *out);
enum status record_codec_put_provider(const struct stream_provider *row, struct buf *out);
enum status record_codec_put_name(struct text_view name, struct buf *out);
/* seq, provider, provider_name, channel, host and os_build of *r are not written: the frame and `rows` say them. */
enum status record_codec_put_record(const struct record *r, const struct record_rows *rows, struct buf *out);

enum records_item_kind { RECORDS_RESET, RECORDS_PROVIDER, RECORDS_NAME, RECORDS_RECORD };

struct records_item {
	enum records_item_kind kind;
	struct stream_provider provider;
	struct text_view name;
	struct record record;    /* provider, names and os_build are empty: see rows */
	struct record_rows rows;
};

/* Caller's storage; large (8 KiB): keep one, not on a deep stack. */
struct records_cursor {
	struct wire_reader in;
	uint64_t next_seq;
	uint32_t record_count;
	bool started;              /* an item was handed out: no reset may follow */
	enum status status;
	struct named_value values[LIMIT_NAMED_VALUES];
};

void records_cursor_init(struct records_cursor *c, struct view body);
/* False at the end and on failure: c->status says which (ST_OK, ST_TRUNCATED, ST_MALFORMED, ST_LIMIT).
 * Views in *item point into the body and into the cursor; they die at the next call. */
bool records_cursor_next(struct records_cursor *c, struct records_item *item);

#endif
