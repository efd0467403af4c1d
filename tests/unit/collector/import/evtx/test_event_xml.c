#include "collector/import/evtx/event_xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "collector/import/evtx/xml_reader.h"

/* Written for this test, in the shape that libevtx gives. */
static const char sample[] =
	"<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">\n"
	"  <System>\n"
	"    <Provider Name=\"Made-Up &amp; Co\" Guid=\"{5770385F-C22A-43E0-BF4C-06F5698FFBD9}\"/>\n"
	"    <EventID Qualifiers=\"16384\">4711</EventID>\n    <Version>5</Version>\n    <Level>4</Level>\n    <Task>1</Task>\n"
	"    <Opcode>2</Opcode>\n    <Keywords>0x8000000000000001</Keywords>\n"
	"    <TimeCreated SystemTime=\"2019-04-17T18:40:00.123456700Z\"/>\n    <EventRecordID>30451</EventRecordID>\n"
	"    <Correlation/>\n    <Execution ProcessID=\"2076\" ThreadID=\"8624\"/>\n    <Channel>Made/Operational</Channel>\n"
	"    <Computer>host.example</Computer>\n    <Security UserID=\"S-1-5-18\"/>\n  </System>\n"
	"  <EventData>\n    <Data Name=\"Image\">C:\\a &lt;b&gt;.exe</Data>\n    <Data Name=\"Empty\"/>\n    <Data>first\r\nsecond</Data>\n"
	"    <Data Name=\"Markup\"><a b=\"c\">d</a></Data>\n    <Binary>00FF</Binary>\n  </EventData>\n"
	"  <UserData>\n    <Cleared xmlns=\"x\">\n      <Subject>&#x4d;e</Subject>\n      <Info Where=\"here\"/>\n"
	"    </Cleared>\n  </UserData>\n</Event>\n";

struct fixture {
	struct named_record named;
	char text[sizeof sample];
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	*state = f;
	return f && named_record_init(&f->named) == ST_OK ? 0 : 1;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	named_record_release(&f->named);
	free(f);
	return 0;
}

static const struct record *read_text(struct fixture *f, const char *text)
{
	assert_in_range(strlen(text), 1, sizeof f->text - 1);
	memcpy(f->text, text, strlen(text));
	assert_int_equal(event_xml_read(f->text, strlen(text), &f->named), ST_OK);
	return named_record_finish(&f->named);
}

static void assert_text(struct text_view got, const char *want)
{
	assert_int_equal(got.len, strlen(want));
	assert_memory_equal(got.ptr, want, got.len);
}

static void event_xml__fills_the_record_from_system(void **state)
{
	static const struct guid sysmon =
		GUID_INIT(0x5770385f, 0xc22a, 0x43e0, 0xbf, 0x4c, 0x06, 0xf5, 0x69, 0x8f, 0xfb, 0xd9);
	const struct record *r = read_text(*state, sample);

	assert_text(r->provider_name, "Made-Up & Co");
	assert_true(guid_equal(&r->provider, &sysmon));
	assert_int_equal(r->id, 4711);
	assert_int_equal(r->version, 5);
	assert_int_equal(r->level, 4);
	assert_int_equal(r->task, 1);
	assert_int_equal(r->opcode, 2);
	assert_int_equal(r->keyword, UINT64_C(0x8000000000000001));
	assert_int_equal(r->time_100ns, UINT64_C(132000000001234567));
	assert_int_equal(r->record_id, 30451);
	assert_int_equal(r->pid, 2076);
	assert_int_equal(r->tid, 8624);
	assert_int_equal(r->sid.len, 12);
	assert_text(r->channel, "Made/Operational");
	assert_text(r->host, "host.example");
}

static void event_xml__makes_every_leaf_a_value(void **state)
{
	static const struct {
		const char *name, *value;
	} want[] = { { "Image", "C:\\a <b>.exe" }, { "Empty", "" }, { "", "first\nsecond" }, { "Markup", "<a b=\"c\">d</a>" },
		{ "Binary", "00FF" }, { "Subject", "Me" }, { "Where", "here" }, { "Info", "" } };
	const struct record *r = read_text(*state, sample);

	assert_int_equal(r->value_count, sizeof want / sizeof want[0]);
	for (size_t i = 0; i < r->value_count; i++) {
		assert_text(r->values[i].name, want[i].name);
		assert_text(r->values[i].value, want[i].value);
	}
}

static void event_xml__every_prefix_is_truncated(void **state)
{
	struct fixture *f = *state;
	size_t end = sizeof sample - 2;    /* behind the last ">" the event is whole */

	for (size_t n = 0; n < end; n++) {
		char *exact = malloc(n ? n : 1);

		assert_non_null(exact);
		memcpy(exact, sample, n);
		assert_int_equal(event_xml_read(exact, n, &f->named), ST_TRUNCATED);
		free(exact);
	}
}

static void event_xml__refuses_what_is_no_event(void **state)
{
	static const char *const texts[] = { "<Evnt/>", "<Event></Evnt>", "<Event/><Event/>", "text", "<Event>", "<Event a></Event>",
		"<Event><System><Level>&nope;</Level></System></Event>", "<Event><A><B>&#xd800;</B></A></Event>", "</Event>", "<Event a=1/>" };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		memcpy(f->text, texts[i], strlen(texts[i]));
		assert_int_not_equal(event_xml_read(f->text, strlen(texts[i]), &f->named), ST_OK);
	}
}

static void event_xml__bounds_depth(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i <= XML_DEPTH_MAX; i++)
		memcpy(f->text + 7 * i, "<Event>", 7);
	assert_int_equal(event_xml_read(f->text, (size_t)(XML_DEPTH_MAX + 1) * 7, &f->named), ST_LIMIT);
}

static void event_xml__takes_entities_of_every_length(void **state)
{
	const struct record *r = read_text(*state,
		"<Event><EventData><Data>&#65;&#x41;&#xe4;&#x20ac;&#x1F600;&quot;&apos;\r.</Data></EventData></Event>");

	assert_text(r->values[0].value, "AA\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"'\n.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(event_xml__fills_the_record_from_system, set_up, tear_down),
		cmocka_unit_test_setup_teardown(event_xml__makes_every_leaf_a_value, set_up, tear_down),
		cmocka_unit_test_setup_teardown(event_xml__every_prefix_is_truncated, set_up, tear_down),
		cmocka_unit_test_setup_teardown(event_xml__refuses_what_is_no_event, set_up, tear_down),
		cmocka_unit_test_setup_teardown(event_xml__bounds_depth, set_up, tear_down),
		cmocka_unit_test_setup_teardown(event_xml__takes_entities_of_every_length, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
