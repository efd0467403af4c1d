#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "policyd/alert/template.h"
#include "policyd/ruletest/shadow.h"

struct world {
	struct shadow *shadow;
	struct arena *arena;
	struct yaml_doc *doc;
	struct shadow_event ev;
	struct diag why;
	enum status st;
};

static void read_event(struct world *w, const char *yaml)
{
	memset(w, 0, sizeof *w);
	w->shadow = shadow_create();
	w->arena = arena_create(1 << 22);
	assert_non_null(w->shadow);
	assert_int_equal(yaml_doc_parse(yaml, strlen(yaml), NULL, &w->doc, &w->why), ST_OK);
	w->st = shadow_event_read(w->shadow, w->arena, yaml_doc_root(w->doc, 0), &w->ev, &w->why);
}

static void release(struct world *w)
{
	yaml_doc_destroy(w->doc);
	arena_destroy(w->arena);
	shadow_destroy(w->shadow);
}

/* The event printed by an output text. */
static void assert_prints(const char *yaml, const char *format, const char *want)
{
	static const struct template_style style = { .base64_buffers = false };
	struct world w;
	struct cond_checker checker;
	struct cond_diag why = { .text = "" };
	struct event_view view;
	const struct template *t;
	struct buf text;

	read_event(&w, yaml);
	if (w.st != ST_OK)
		fail_msg("%s: %s", yaml, w.why.text);
	checker = (struct cond_checker){ .vocabulary = shadow_vocabulary(w.shadow), .arena = w.arena };
	view = (struct event_view){ .ctx = &w.ev, .type = w.ev.type, .scratch = w.arena };
	if (template_compile(&checker, format, strlen(format), &t, &why) != ST_OK)
		fail_msg("%s: %s", format, why.text);
	buf_init(&text, 1 << 16);
	assert_int_equal(template_render(t, &view, &style, &text), TEMPLATE_DONE);
	assert_string_equal(buf_cstr(&text), want);
	buf_release(&text);
	release(&w);
}

static void assert_refused(const char *yaml, int line, const char *want)
{
	struct world w;

	read_event(&w, yaml);
	assert_int_equal(w.st, ST_MALFORMED);
	assert_int_equal(w.why.line, line);
	if (!strstr(w.why.text, want))
		fail_msg("%s: got %s", yaml, w.why.text);
	release(&w);
}

static void shadow__values_have_the_type_of_their_field(void **state)
{
	(void)state;
	assert_prints("{evt.type: net_connect, fd.rip: '::1', fd.rport: 0x1bb, fd.is_server: false, proc.pid: -1}",
		"*%fd.rip %fd.rport %fd.is_server %proc.pid", "::1 443 false -1");
	assert_prints("{evt.type: dns_query, dns.answers: [10.0.0.1, a.example]}", "*%dns.answers", "(10.0.0.1,a.example)");
	assert_prints("{evt.type: log, 'evt.data[Name]': x, evt.id: 7}", "*%evt.data[Name] %evt.data[Other] %evt.id", "x <NA> 7");
}

static void shadow__a_field_left_out_or_null_is_missing(void **state)
{
	(void)state;
	assert_prints("{evt.type: process_start, proc.name: ~}", "*%proc.name %proc.cmdline", "<NA> <NA>");
}

static void shadow__what_follows_from_other_fields_is_filled_in(void **state)
{
	(void)state;
	assert_prints("{evt.type: file_open, fs.path.name: 'C:\\a\\b.txt', proc.exepath: 'C:\\W\\x.exe'}",
		"*%fd.name|%fd.directory|%fd.filename|%proc.name|%container.id|%evt.category|%evt.source|%evt.type",
		"C:\\a\\b.txt|C:\\a|b.txt|x.exe|host|file|windows|file_open");
	assert_prints("{evt.type: process_start, proc.exepath: 'C:\\W\\x.exe', proc.name: y.exe, container.id: abc}",
		"*%proc.name %container.id", "y.exe abc");
}

static void shadow__ancestors_come_from_list_index_or_parent(void **state)
{
	(void)state;
	assert_prints("{evt.type: process_start, proc.name: c, proc.aname: [p, g]}",
		"*%proc.aname[0] %proc.pname %proc.aname[1] %proc.aname[2] %proc.aname[3]", "c p p g <NA>");
	assert_prints("{evt.type: process_start, 'proc.aname[3]': x, proc.pname: p}",
		"*%proc.aname[1] %proc.aname[2] %proc.aname[3]", "p <NA> x");
}

static void shadow__mistakes_have_a_place(void **state)
{
	(void)state;
	assert_refused("{proc.name: x}", 1, "needs an evt.type");
	assert_refused("{evt.type: nothing}", 1, "no event type nothing");
	assert_refused("evt.type: process_start\nproc.nam: x", 2, "did you mean 'proc.name'");
	assert_refused("evt.type: net_connect\nfd.rport: 65536", 2, "fd.rport");
	assert_refused("evt.type: net_connect\nfd.rip: 1.2.3", 2, "fd.rip");
	assert_refused("evt.type: net_connect\nfd.ip: 1.2.3.4", 2, "give fd.lip");
	assert_refused("evt.type: net_connect\nproc.name: [a]", 2, "one value");
	assert_refused("evt.type: net_connect\ntolower(proc.name): a", 2, "no field");
	assert_refused("evt.type: net_connect\nat: soon", 2, "at takes");
	assert_refused("[a]", 1, "a map");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shadow__values_have_the_type_of_their_field),
		cmocka_unit_test(shadow__a_field_left_out_or_null_is_missing),
		cmocka_unit_test(shadow__what_follows_from_other_fields_is_filled_in),
		cmocka_unit_test(shadow__ancestors_come_from_list_index_or_parent),
		cmocka_unit_test(shadow__mistakes_have_a_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
