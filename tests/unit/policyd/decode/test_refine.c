#include "policyd/decode/refine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "policyd/decode/decode.h"
#include "policyd/decode/providers.h"

/* Payloads of this file are written by hand from the layouts. */
struct fixture {
	struct decoder *decoder;
	struct arena *scratch;
	struct record rec;
	struct event ev;
	uint8_t payload[256];
	size_t len;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	assert_non_null(f);
	f->decoder = decoder_create();
	f->scratch = arena_create(1 << 20);
	*state = f;
	return f->decoder && f->scratch ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	decoder_destroy(f->decoder);
	arena_destroy(f->scratch);
	free(f);
	return 0;
}

static void put(struct fixture *f, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		f->payload[f->len++] = (uint8_t)(value >> 8 * i);
}

static void put_text(struct fixture *f, const char *text)
{
	for (; *text; text++)
		put(f, (uint8_t)*text, 2);
	put(f, 0, 2);
}

static enum event_kind decode(struct fixture *f, const struct provider *p, uint16_t id, uint8_t version)
{
	f->rec.kind = RECORD_ETW;
	f->rec.flags = p->classic ? RECORD_CLASSIC : 0;
	f->rec.provider = p->guid;
	f->rec.id = id;
	f->rec.opcode = (uint8_t)id;
	f->rec.version = version;
	f->rec.pointer_bytes = 8;
	f->rec.payload = (struct view){ f->payload, f->len };
	f->len = 0;
	assert_int_equal(decode_record(f->decoder, &f->rec, &f->ev), ST_OK);
	return f->ev.kind;
}

static const char *text_of(struct fixture *f, enum slot slot)
{
	struct text_view t;

	return event_get_text(&f->ev, slot, f->scratch, &t) ? arena_strndup(f->scratch, t.ptr, t.len) : "(none)";
}

static uint64_t number_of(struct fixture *f, enum slot slot)
{
	uint64_t n = UINT64_MAX;

	assert_true(event_get_u64(&f->ev, slot, &n));
	return n;
}

static enum event_kind decode_create(struct fixture *f, uint32_t disposition)
{
	put(f, 1, 8);                          /* Irp */
	put(f, 2, 8);                          /* FileObject */
	put(f, 3, 4);                          /* IssuingThreadId */
	put(f, disposition << 24 | 0x60, 4);   /* CreateOptions */
	put(f, 0, 8);                          /* CreateAttributes, ShareAccess */
	put_text(f, "\\a");
	return decode(f, &provider_kernel_file, 12, 1);
}

static void file_create__is_told_from_open_by_its_disposition(void **state)
{
	static const enum event_kind want[] = { EVENT_file_create, EVENT_file_open, EVENT_file_create, EVENT_file_open,
		EVENT_file_create, EVENT_file_create };
	struct fixture *f = *state;

	for (uint32_t i = 0; i < sizeof want / sizeof want[0]; i++)
		assert_int_equal(decode_create(f, i), want[i]);
	assert_string_equal(text_of(f, SLOT_FILE_PATH), "\\a");
}

static enum event_kind decode_silo(struct fixture *f, uint16_t silo_state)
{
	put(f, 0x1111, 8);      /* ContainerID */
	put(f, 0x2222, 8);
	put(f, 9, 4);           /* JobID */
	put(f, silo_state, 2);
	return decode(f, &provider_kernel_process, 22, 0);
}

static void silo_state__starts_and_stops_a_container(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(decode_silo(f, 0), EVENT_NONE);
	assert_int_equal(decode_silo(f, 1), EVENT_container_start);
	assert_int_equal(decode_silo(f, 2), EVENT_NONE);
	assert_int_equal(decode_silo(f, 4), EVENT_container_stop);
	assert_int_equal(number_of(f, SLOT_JOB_ID), 9);
}

static void sockaddr_fields__give_addresses_ports_and_protocol(void **state)
{
	struct fixture *f = *state;

	put(f, 16, 4);
	put(f, 2 | 0x50c3 << 16, 4);          /* AF_INET, port 50000 */
	put(f, 0x0100000a, 4);                /* 10.0.0.1 */
	put(f, 0, 8);
	put(f, 28, 4);
	put(f, 23 | (uint32_t)0xbb01 << 16, 4);   /* AF_INET6, port 443 */
	put(f, 0, 4);
	put(f, 0xb80d0120, 8);                /* 2001:db8::1 */
	put(f, UINT64_C(0x0100000000000000), 8);
	put(f, 0, 4);
	put(f, 0, 4);                         /* Status */
	put(f, 77, 4);                        /* ProcessId */
	put(f, 1, 4);
	put(f, 2, 8);
	assert_int_equal(decode(f, &provider_tcpip, 1033, 0), EVENT_net_connect);
	assert_string_equal(text_of(f, SLOT_LOCAL_ADDR), "10.0.0.1");
	assert_string_equal(text_of(f, SLOT_REMOTE_ADDR), "2001:db8::1");
	assert_string_equal(text_of(f, SLOT_REMOTE_PORT), "443");
	assert_int_equal(number_of(f, SLOT_LOCAL_PORT), 50000);
	assert_int_equal(number_of(f, SLOT_PROTOCOL), 6);
	assert_string_equal(text_of(f, SLOT_PROTOCOL), "tcp");
	assert_int_equal(number_of(f, SLOT_PID), 77);
}

static void put_udp(struct fixture *f)
{
	put(f, 1008, 4);            /* PID */
	put(f, 50, 4);              /* size */
	put(f, 0xfc0000e0, 4);      /* daddr 224.0.0.252 */
	put(f, 0xba6a790a, 4);      /* saddr 10.121.106.186 */
	put(f, 0xeb14, 2);          /* dport 5355 */
	put(f, 0xe8e9, 2);          /* sport 59880 */
	put(f, 0, 4);
	put(f, 0, 8);
}

static void udp__has_its_sender_as_remote_end_only_when_received(void **state)
{
	struct fixture *f = *state;

	put_udp(f);
	assert_int_equal(decode(f, &provider_kernel_network, 43, 0), EVENT_net_recv);
	assert_string_equal(text_of(f, SLOT_REMOTE_ADDR), "10.121.106.186");
	assert_int_equal(number_of(f, SLOT_LOCAL_PORT), 5355);
	put_udp(f);
	assert_int_equal(decode(f, &provider_kernel_network, 42, 0), EVENT_net_send);
	assert_string_equal(text_of(f, SLOT_REMOTE_ADDR), "224.0.0.252");
	assert_string_equal(text_of(f, SLOT_PROTOCOL), "udp");
}

static void one_version_with_two_layouts__is_told_by_the_build(void **state)
{
	struct fixture *f = *state;

	f->rec.os_build = 10586;
	put(f, 1, 8);
	put(f, 2, 8);
	put(f, 3, 8);
	decode(f, &provider_kernel_process, 13, 0);
	assert_false(event_has(&f->ev, SLOT_CONTAINER_GUID));
	f->rec.os_build = 17763;
	f->len = 24;
	decode(f, &provider_kernel_process, 13, 0);
	assert_true(event_has(&f->ev, SLOT_CONTAINER_GUID));
	f->rec.os_build = 0;
}

static void one_version_with_two_layouts__is_told_by_the_exact_length(void **state)
{
	struct fixture *f = *state;

	f->len = 20;            /* handle, flags, pid, range count */
	decode(f, &provider_classic_page_fault, 100, 2);
	assert_int_equal(f->ev.layout->field_count, 4);
	f->len = 24;            /* and one reserved word */
	decode(f, &provider_classic_page_fault, 100, 2);
	assert_int_equal(f->ev.layout->field_count, 5);
}

static void scanned_content__reads_as_text(void **state)
{
	struct fixture *f = *state;

	put(f, 1, 8);               /* session */
	put(f, 1, 1);               /* scanStatus */
	put(f, 1, 4);               /* scanResult */
	put_text(f, "PowerShell");
	put_text(f, "x.ps1");
	put(f, 6, 4);               /* contentsize */
	put(f, 6, 4);
	put_text(f, "iex");
	f->len -= 2;                /* content has no NUL */
	memset(f->payload + f->len, 0, 36);
	f->len += 36;               /* hash, contentFiltered */
	assert_int_equal(decode(f, &provider_amsi, 1101, 0), EVENT_amsi_scan);
	assert_string_equal(text_of(f, SLOT_SCRIPT_TEXT), "iex");
	assert_string_equal(text_of(f, SLOT_APP_NAME), "PowerShell");
}

static void classic_process__may_have_no_sid(void **state)
{
	struct fixture *f = *state;

	put(f, 1, 8);               /* UniqueProcessKey */
	put(f, 4, 8);               /* ProcessId, ParentId */
	put(f, 0, 8);               /* SessionId, ExitStatus */
	put(f, 0, 4);               /* UserSID: none */
	put(f, 'a', 2);             /* ImageFileName */
	put_text(f, "a b");
	assert_int_equal(decode(f, &provider_classic_process, 1, 2), EVENT_process_start);
	assert_string_equal(text_of(f, SLOT_USER_SID), "(none)");
	assert_string_equal(text_of(f, SLOT_IMAGE_NAME), "a");
	assert_string_equal(text_of(f, SLOT_CMDLINE), "a b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(file_create__is_told_from_open_by_its_disposition),
		cmocka_unit_test(silo_state__starts_and_stops_a_container),
		cmocka_unit_test(sockaddr_fields__give_addresses_ports_and_protocol),
		cmocka_unit_test(udp__has_its_sender_as_remote_end_only_when_received),
		cmocka_unit_test(one_version_with_two_layouts__is_told_by_the_build),
		cmocka_unit_test(one_version_with_two_layouts__is_told_by_the_exact_length),
		cmocka_unit_test(scanned_content__reads_as_text),
		cmocka_unit_test(classic_process__may_have_no_sid),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
