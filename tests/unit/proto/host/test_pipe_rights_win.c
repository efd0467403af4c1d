/* Descriptors of design §8, as text and as the system has them. Wine enforces none of it, so this is what can be shown here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "proto/host/account_win.h"
#include "proto/host/host_names.h"
#include "proto/host/pipe.h"

static void assert_rights(const struct pipe_options *o, const char *wanted)
{
	char text[PIPE_TEXT_BYTES] = "";
	struct diag why = DIAG_INIT;

	assert_int_equal(pipe_rights_text(o, text, &why), ST_OK);
	assert_string_equal(text, wanted);
}

static void account__a_service_sid_is_the_hash_of_its_name(void **state)
{
	char text[ACCOUNT_SID_BYTES];
	struct diag why = DIAG_INIT;

	(void)state;
	/* Well known: the SID of TrustedInstaller, owner of Windows' own files. */
	assert_int_equal(account_sid_text("NT SERVICE\\TrustedInstaller", text, &why), ST_OK);
	assert_string_equal(text, "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464");
	assert_int_equal(account_sid_text("nt service\\TRUSTEDINSTALLER", text, &why), ST_OK);
	assert_string_equal(text, "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464");
}

static void account__sids_and_known_accounts_are_taken_others_refused(void **state)
{
	char text[ACCOUNT_SID_BYTES];
	struct diag why = DIAG_INIT;

	(void)state;
	assert_int_equal(account_sid_text("S-1-5-19", text, &why), ST_OK);
	assert_string_equal(text, "S-1-5-19");
	assert_int_equal(account_sid_text("NT AUTHORITY\\LocalService", text, &why), ST_OK);
	assert_string_equal(text, "S-1-5-19");
	assert_int_equal(account_sid_text("no such account", text, &why), ST_NOT_FOUND);
	assert_int_equal(account_sid_text("NT SERVICE\\", text, &why), ST_LIMIT);
}

static void pipe_rights__events_may_be_read_by_the_peer_alone(void **state)
{
	const struct pipe_options o = { .name = PIPE_EVENTS, .direction = PIPE_OUT, .peer = "S-1-5-19", .system_owner = true };

	(void)state;
	assert_rights(&o, "O:SYG:SYD:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;0x120089;;;S-1-5-19)");
}

static void pipe_rights__requests_may_be_written_by_the_peer_who_makes_no_instance(void **state)
{
	const struct pipe_options o = { .name = PIPE_REQUESTS, .direction = PIPE_IN, .peer = SERVICE_POLICYD_ACCOUNT };
	char text[PIPE_TEXT_BYTES] = "";

	(void)state;
	assert_int_equal(pipe_rights_text(&o, text, NULL), ST_OK);
	/* 0x4, FILE_APPEND_DATA of files, is FILE_CREATE_PIPE_INSTANCE of pipes. */
	assert_non_null(strstr(text, "D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;0x120182;;;S-1-5-80-"));
}

static void pipe_rights__control_is_for_administrators_and_its_server(void **state)
{
	const struct pipe_options o = { .name = PIPE_CONTROL, .direction = PIPE_BOTH, .peer = "S-1-5-20" };

	(void)state;
	assert_rights(&o, "D:P(A;;0x12019b;;;SY)(A;;0x12019b;;;BA)(A;;FA;;;S-1-5-20)");
}

static void pipe_rights__an_instance_has_them_and_its_owner(void **state)
{
	const struct pipe_options o = { .name = "\\\\.\\pipe\\vitrine-test-rights", .direction = PIPE_OUT,
		.peer = SERVICE_POLICYD_ACCOUNT, .system_owner = true };
	char real[PIPE_TEXT_BYTES] = "", peer[ACCOUNT_SID_BYTES] = "";
	struct diag why = DIAG_INIT;
	struct pipe_end *e = NULL;

	(void)state;
	assert_int_equal(pipe_end_open(&o, &e, &why), ST_OK);
	assert_int_equal(pipe_end_rights(e, real, &why), ST_OK);
	assert_int_equal(account_sid_text(SERVICE_POLICYD_ACCOUNT, peer, &why), ST_OK);
	assert_int_equal(strncmp(real, "O:SYD:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;", 35), 0);
	assert_non_null(strstr(real, peer));
	assert_null(strstr(real, "WD"));
	pipe_end_close(e);
}

/* Made by this test: SYSTEM owns it, but no service made it. */
static void pipe_connect__a_pipe_of_no_service_is_not_trusted(void **state)
{
	const struct pipe_options o = { .name = "\\\\.\\pipe\\vitrine-test-trust", .direction = PIPE_OUT, .system_owner = true };
	struct pipe_target target = { .name = o.name, .direction = PIPE_OUT, .trust = PIPE_TRUST_SERVICE,
		.service = "VitrineNoSuchService" };
	struct diag why = DIAG_INIT;
	struct pipe_end *e = NULL;
	int fd = -1;

	(void)state;
	assert_int_equal(pipe_end_open(&o, &e, &why), ST_OK);
	assert_int_equal(pipe_connect(&target, &fd, &why), ST_UNSUPPORTED);
	assert_int_equal(fd, -1);
	assert_non_null(strstr(why.text, "not the service VitrineNoSuchService"));
	/* Who came and went holds the pipe up for nobody. */
	assert_int_equal(pipe_end_accept(e, 0), PIPE_TIMEOUT);
	target.trust = PIPE_TRUST_FRIENDS;
	assert_int_equal(pipe_connect(&target, &fd, &why), ST_OK);
	pipe_end_close(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(account__a_service_sid_is_the_hash_of_its_name),
		cmocka_unit_test(account__sids_and_known_accounts_are_taken_others_refused),
		cmocka_unit_test(pipe_rights__events_may_be_read_by_the_peer_alone),
		cmocka_unit_test(pipe_rights__requests_may_be_written_by_the_peer_who_makes_no_instance),
		cmocka_unit_test(pipe_rights__control_is_for_administrators_and_its_server),
		cmocka_unit_test(pipe_rights__an_instance_has_them_and_its_owner),
		cmocka_unit_test(pipe_connect__a_pipe_of_no_service_is_not_trusted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
