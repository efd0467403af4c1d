#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/relay/certificate.h"
#include "policyd/relay/tls_link.h"
#include "tests/support/test_folder.h"

/* A server and a client of it, joined by hand. */
struct world {
	struct tls_side *server_side, *client_side;
	struct tls_link *server, *client;
	char folder[TEST_FOLDER_BYTES], files[3][TEST_FOLDER_BYTES + 16];    /* CA, certificate, key */
};

static void write_file(struct world *w, int i, const struct buf *text)
{
	FILE *f;

	snprintf(w->files[i], sizeof w->files[i], "%s/%d.pem", w->folder, i);
	f = fopen(w->files[i], "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(text->data, 1, text->len, f), text->len);
	assert_int_equal(fclose(f), 0);
}

static void set_up(struct world *w, const char *host, const char *expected)
{
	struct certificate c;
	struct diag why = DIAG_INIT;

	assert_int_equal(certificate_make(host, 2, &c), ST_OK);
	*w = (struct world){ .server = NULL };
	assert_true(test_folder_make(w->folder));
	write_file(w, 0, &c.ca);
	write_file(w, 1, &c.cert);
	write_file(w, 2, &c.key);
	certificate_release(&c);
	assert_int_equal(tls_side_server(w->files[1], w->files[2], &w->server_side, &why), ST_OK);
	assert_int_equal(tls_side_client(w->files[0], expected, &w->client_side, &why), ST_OK);
	w->server = tls_link_create(w->server_side);
	w->client = tls_link_create(w->client_side);
	assert_non_null(w->server);
	assert_non_null(w->client);
}

static void tear_down(struct world *w)
{
	tls_link_destroy(w->server);
	tls_link_destroy(w->client);
	tls_side_destroy(w->server_side);
	tls_side_destroy(w->client_side);
	for (size_t i = 0; i < 3; i++)
		remove(w->files[i]);
	rmdir(w->folder);
}

/* Moves what one says to the other, step bytes at a time, and reads it there: what tls_link_read said last. */
static int carry(struct tls_link *from, struct tls_link *to, size_t step, char *out)
{
	char bytes[512], plain[4096];
	int n = 0, got;

	while (tls_link_pending(from)) {
		assert_true(tls_link_feed(to, bytes, tls_link_take(from, bytes, step)));
		while ((got = tls_link_read(to, plain, sizeof plain)) > 0) {
			memcpy(out + n, plain, (size_t)got);
			n += got;
		}
		if (got < 0)
			return -1;
	}
	return n;
}

static bool shake_hands(struct world *w, size_t step)
{
	char nothing[64];

	for (int i = 0; i < 4; i++) {
		if (carry(w->client, w->server, step, nothing) < 0 || carry(w->server, w->client, step, nothing) < 0)
			return false;
	}
	return tls_link_write(w->client, "", 0) && tls_link_write(w->server, "", 0);
}

static void link__carries_both_ways_in_any_pieces(void **state)
{
	static const size_t steps[] = { 1, 7, 512 };
	char heard[64];

	(void)state;
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		struct world w;

		set_up(&w, "relay.vt.svc", "relay.vt.svc");
		assert_false(tls_link_write(w.server, "early", 5));
		assert_true(shake_hands(&w, steps[i]));
		assert_true(tls_link_write(w.client, "question", 8));
		assert_int_equal(carry(w.client, w.server, steps[i], heard), 8);
		assert_memory_equal(heard, "question", 8);
		assert_true(tls_link_write(w.server, "answer", 6));
		assert_int_equal(carry(w.server, w.client, steps[i], heard), 6);
		tls_link_goodbye(w.server);
		assert_int_equal(carry(w.server, w.client, steps[i], heard), -1);
		tear_down(&w);
	}
}

static void link__a_long_answer_arrives_and_the_next_too(void **state)
{
	enum { BYTES = 200000 };
	char *said = malloc(BYTES), *heard = malloc(BYTES);
	struct world w;

	(void)state;
	assert_non_null(said);
	assert_non_null(heard);
	for (int i = 0; i < BYTES; i++)
		said[i] = (char)(i * 31);
	set_up(&w, "relay.vt.svc", "relay.vt.svc.cluster.local");
	assert_true(shake_hands(&w, 512));
	for (int i = 0; i < 2; i++) {
		assert_true(tls_link_write(w.server, said, BYTES));
		assert_int_equal(carry(w.server, w.client, 512, heard), BYTES);
		assert_memory_equal(heard, said, BYTES);
	}
	tear_down(&w);
	free(said);
	free(heard);
}

static void link__another_host_or_garbage_is_refused(void **state)
{
	char plain[64];
	struct world w;

	(void)state;
	set_up(&w, "relay.vt.svc", "other.vt.svc");
	assert_false(shake_hands(&w, 512));
	tear_down(&w);
	set_up(&w, "relay.vt.svc", "relay.vt.svc");
	assert_true(tls_link_feed(w.server, "GET / HTTP/1.1\r\n\r\n", 18));
	assert_int_equal(tls_link_read(w.server, plain, sizeof plain), -1);
	tear_down(&w);
}

static void side__says_what_is_wrong_with_its_files(void **state)
{
	struct tls_side *side;
	struct diag why = DIAG_INIT;

	(void)state;
	assert_int_equal(tls_side_server("/nonexistent", "/nonexistent", &side, &why), ST_MALFORMED);
	assert_null(side);
	assert_non_null(strstr(why.text, "certificate"));
	assert_int_equal(tls_side_client("/nonexistent", "a", &side, &why), ST_MALFORMED);
	assert_null(side);
}

static void certificate__is_of_a_host_for_its_days(void **state)
{
	struct certificate c;
	char long_host[300];

	(void)state;
	assert_int_equal(certificate_make("relay.vt.svc", 30, &c), ST_OK);
	assert_non_null(strstr(buf_cstr(&c.key), "PRIVATE KEY"));
	certificate_release(&c);
	memset(long_host, 'a', sizeof long_host);
	long_host[sizeof long_host - 1] = '\0';
	assert_int_equal(certificate_make(long_host, 30, &c), ST_LIMIT);
	assert_int_equal(certificate_make("a,DNS:evil", 30, &c), ST_LIMIT);
	assert_int_equal(certificate_make("", 30, &c), ST_LIMIT);
	assert_false(certificate_serves("", 0, "a", 0));
	assert_false(certificate_serves("!!!!", 4, "a", 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(link__carries_both_ways_in_any_pieces),
		cmocka_unit_test(link__a_long_answer_arrives_and_the_next_too),
		cmocka_unit_test(link__another_host_or_garbage_is_refused),
		cmocka_unit_test(side__says_what_is_wrong_with_its_files),
		cmocka_unit_test(certificate__is_of_a_host_for_its_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
