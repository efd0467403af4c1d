#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "collector/core/request_pipe.h"
#include "tests/support/pipe_reader.h"

static const struct guid kernel_file = GUID_INIT(0xedd08927, 0x9cc4, 0x4e65, 0xb9, 0x70, 0xc2, 0x56, 0x0f, 0xb5, 0xc2, 0x89);

struct bench {
	char name[PIPE_NAME_BYTES];
	struct request_pipe requests;
	struct pipe_writer *policyd;
	struct requested got;
};

static int set_up(void **state)
{
	struct bench *b = calloc(1, sizeof *b);
	struct pipe_options pipe = { .name = b->name, .direction = PIPE_IN };

	pipe_test_name(b->name);
	*state = b;
	if (pipe_end_open(&pipe, &b->requests.pipe, NULL) != ST_OK)
		return -1;
	request_pipe_poll(&b->requests, 0, &b->got);    /* Windows: somebody must wait for clients */
	b->policyd = pipe_writer_open(b->name);
	return b->policyd ? 0 : -1;
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	pipe_writer_close(b->policyd);
	pipe_end_close(b->requests.pipe);
	free(b);
	return 0;
}

static bool send(struct bench *b, const struct collector_request *q)
{
	uint8_t bytes[COLLECTOR_REQUEST_BYTES];

	collector_request_encode(q, bytes);
	return pipe_writer_send(b->policyd, bytes, sizeof bytes);
}

/* Until something was asked for, or the connection ended. */
static void poll(struct bench *b)
{
	uint64_t refused = b->requests.refused;

	for (unsigned i = 0; i < 500; i++) {
		request_pipe_poll(&b->requests, 10, &b->got);
		if (b->got.plan || b->got.snapshot || b->got.stats || b->requests.refused != refused)
			return;
	}
}

static struct collector_request row(bool first, bool last, uint16_t id)
{
	return (struct collector_request){ .kind = COLLECTOR_REQUEST_PROVIDER, .first = first, .last = last, .provider = kernel_file,
		.id_count = 1, .ids = { id } };
}

static bool wants(const struct plan *p, uint16_t id)
{
	for (size_t i = 0; i < OFFER_PROVIDERS; i++) {
		for (size_t k = 0; k < offer_providers[i].event_count; k++) {
			if (guid_equal(&offer_providers[i].guid, &kernel_file) && offer_providers[i].events[k].id == id)
				return p->on[i] >> k & 1;
		}
	}
	return false;
}

static void request_pipe__hands_out_a_mask_when_it_is_whole(void **state)
{
	struct collector_request first = row(true, false, 12), last = row(false, true, 16);
	struct bench *b = *state;

	assert_true(send(b, &first));
	request_pipe_poll(&b->requests, 100, &b->got);
	assert_false(b->got.plan);
	assert_true(send(b, &last));
	poll(b);
	assert_true(b->got.plan);
	assert_true(wants(&b->got.wanted, 12) && wants(&b->got.wanted, 16));
	assert_false(wants(&b->got.wanted, 30));
}

static void request_pipe__forgets_a_mask_that_was_not_finished(void **state)
{
	struct collector_request half = row(true, false, 12), whole = row(true, true, 16);
	struct bench *b = *state;

	assert_true(send(b, &half));
	request_pipe_poll(&b->requests, 100, &b->got);
	pipe_writer_close(b->policyd);
	for (unsigned i = 0; i < 100 && b->requests.connected; i++)
		request_pipe_poll(&b->requests, 10, &b->got);
	request_pipe_poll(&b->requests, 0, &b->got);
	b->policyd = pipe_writer_open(b->name);
	assert_true(send(b, &whole));
	poll(b);
	assert_true(wants(&b->got.wanted, 16));
	assert_false(wants(&b->got.wanted, 12));
}

static void request_pipe__tells_what_was_received(void **state)
{
	const struct collector_request q = { .kind = COLLECTOR_REQUEST_STATS, .connection = 3, .received_bytes = 4096 };
	struct bench *b = *state;

	assert_true(send(b, &q));
	poll(b);
	assert_true(b->got.stats);
	assert_int_equal(b->got.connection, 3);
	assert_int_equal(b->got.received_bytes, 4096);
}

static void request_pipe__takes_a_request_in_pieces(void **state)
{
	const struct collector_request q = { .kind = COLLECTOR_REQUEST_SNAPSHOT };
	uint8_t bytes[COLLECTOR_REQUEST_BYTES];
	struct bench *b = *state;

	collector_request_encode(&q, bytes);
	assert_true(pipe_writer_send(b->policyd, bytes, 100));
	request_pipe_poll(&b->requests, 100, &b->got);
	assert_false(b->got.snapshot);
	assert_true(pipe_writer_send(b->policyd, bytes + 100, sizeof bytes - 100));
	poll(b);
	assert_true(b->got.snapshot);
}

static void request_pipe__ends_the_connection_of_whoever_sends_nonsense(void **state)
{
	uint8_t nonsense[COLLECTOR_REQUEST_BYTES];
	struct collector_request whole = row(true, true, 16);
	struct bench *b = *state;

	memset(nonsense, 0xa5, sizeof nonsense);
	assert_true(pipe_writer_send(b->policyd, nonsense, sizeof nonsense));
	poll(b);
	assert_int_equal(b->requests.refused, 1);
	assert_false(b->requests.connected);
	pipe_writer_close(b->policyd);
	request_pipe_poll(&b->requests, 0, &b->got);
	b->policyd = pipe_writer_open(b->name);
	assert_true(send(b, &whole));
	poll(b);
	assert_true(b->got.plan);
}

static void request_pipe__refuses_a_row_outside_a_mask(void **state)
{
	struct collector_request stray = row(false, true, 16);
	struct bench *b = *state;

	assert_true(send(b, &stray));
	poll(b);
	assert_false(b->got.plan);
	assert_int_equal(b->requests.refused, 1);
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CLAIM(request_pipe__hands_out_a_mask_when_it_is_whole),
		CLAIM(request_pipe__forgets_a_mask_that_was_not_finished),
		CLAIM(request_pipe__tells_what_was_received),
		CLAIM(request_pipe__takes_a_request_in_pieces),
		CLAIM(request_pipe__ends_the_connection_of_whoever_sends_nonsense),
		CLAIM(request_pipe__refuses_a_row_outside_a_mask),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
