/* links: proto_wire */
/* Requests and answers of the control pipe: what decodes encodes again to the same message. */
#include <stdlib.h>
#include <string.h>

#include "proto/wire/control_codec.h"
#include "proto/wire/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void die_unless(int ok)
{
	if (!ok)
		abort();
}

static void try_request(struct view body, struct arena *a)
{
	struct control_request first, again;
	struct buf out;

	if (control_decode_request(body, a, &first) != ST_OK)
		return;
	buf_init(&out, 4 * CONTROL_MAX_REQUEST_BYTES);
	die_unless(control_encode_request(&first, &out) == ST_OK);
	if (out.len <= CONTROL_MAX_REQUEST_BYTES) {
		struct view frame = { out.data + FRAME_HEADER_BYTES, out.len - FRAME_HEADER_BYTES };

		die_unless(control_decode_request(frame, a, &again) == ST_OK);
		die_unless(again.id == first.id && again.kind == first.kind && strcmp(again.rule, first.rule) == 0);
	}
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_create(CONTROL_ARENA_BYTES);
	struct view body = { data, size };
	struct control_answer answer;

	if (!a)
		return 0;
	try_request(body, a);
	arena_reset(a);
	if (size <= LIMIT_FRAME_BODY_BYTES)
		control_decode_answer(body, a, &answer);
	arena_destroy(a);
	return 0;
}
