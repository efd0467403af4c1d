#include "policyd/ruleset/falco_syscall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/engine/condition.h"
#include "policyd/ruleset/ruleset.h"

static void events__are_sorted_and_unique(void **state)
{
	(void)state;
	for (size_t i = 1; i < FALCO_SYSCALL_EVENTS; i++)
		assert_true(strcmp(falco_syscall_events[i - 1], falco_syscall_events[i]) < 0);
}

static void fields__are_unique_and_name_only_each_other(void **state)
{
	const struct vocabulary *v = falco_syscall_vocabulary();

	(void)state;
	for (size_t i = 0; i < v->field_count; i++) {
		const struct field *f = &v->fields[i];

		assert_ptr_equal(field_find(v, NULL, f->name, strlen(f->name)), f);
		for (size_t k = 0; f->either[0] && k < 2; k++)
			assert_non_null(field_find(v, NULL, f->either[k], strlen(f->either[k])));
	}
}

/* Shapes of the published rules (falco-language.md §7), in words of our own. */
static const char shapes[] =
	"- macro: opened_for_writing\n"
	"  condition: >\n"
	"    evt.type in (open,openat,openat2) and evt.is_open_write=true and fd.typechar='f' and fd.num>=0\n"
	"- macro: never\n"
	"  condition: (evt.num=0)\n"
	"- list: tools\n"
	"  items: [nc, \"ncat\", '\"odd one\"']\n"
	"- rule: Written below a watched folder\n"
	"  desc: d\n"
	"  condition: >\n"
	"    opened_for_writing and (fd.directory in (/etc, /usr/bin) or fd.name startswith /srv/keys or\n"
	"    fs.path.name glob '/srv/*/keys/*') and not proc.aname[2] in (tools) and not never\n"
	"  output: Written | file=%fd.name user=%user.name loginuid=%user.loginuid parent=%proc.pname gp=%proc.aname[2]\n"
	"    id=%container.id flags=%evt.arg.flags time=%evt.time.iso8601 args=%proc.args\n"
	"  priority: WARNING\n"
	"  tags: [maturity_stable, host, T1098]\n"
	"- rule: Odd connection\n"
	"  desc: d\n"
	"  condition: >\n"
	"    evt.type in (connect, sendto) and fd.l4proto=tcp and evt.rawres >= 0 and fd.sip.name != example.org and\n"
	"    not fd.snet in (\"10.0.0.0/8\", 127.0.0.0/8) and fd.sport in (22, 4444) and fd.rip != 10.0.0.1 and\n"
	"    container.id != host and container.image.repository endswith /shell and user.loginuid = -1 and proc.tty != 0\n"
	"    and proc.is_exe_upper_layer=true and (evt.arg[1] contains O_TRUNC or evt.arg.flags icontains x) and\n"
	"    proc.cmdline pmatch (/a) and thread.cap_effective contains CAP_SYS_ADMIN and k8s.ns.name exists\n"
	"  output: \"Connected %fd.name %fd.sip.name %k8s.pod.name\"\n"
	"  priority: NOTICE\n"
	"- rule: Slip\n"
	"  desc: d\n"
	"  condition: evt.type = exceve and proc.name = x\n"
	"  output: o\n"
	"  priority: NOTICE\n";

static void rules__in_published_shapes_load_and_slips_show(void **state)
{
	const struct ruleset_source source = { .vocab = falco_syscall_vocabulary(), .inactive = true };
	const struct ruleset_options options = { .sources = &source, .source_count = 1, .min_priority = PRIORITY_DEBUG };
	struct ruleset_builder *b = ruleset_builder_create(&options);
	struct ruleset *rs;
	struct buf text;

	(void)state;
	buf_init(&text, 1 << 16);
	assert_int_equal(ruleset_builder_add_text(b, "r", shapes, strlen(shapes)), ST_OK);
	assert_int_equal(ruleset_builder_finish(b, &rs), ST_MALFORMED);
	load_results_append_text(&text, ruleset_builder_results(b));
	if (ruleset_builder_results(b)->errors != 1 || !strstr(buf_cstr(&text), "unknown event type exceve"))
		fail_msg("%s", buf_cstr(&text));
	assert_non_null(strstr(buf_cstr(&text), "did you mean 'execve'?"));
	buf_release(&text);
	ruleset_builder_destroy(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events__are_sorted_and_unique),
		cmocka_unit_test(fields__are_unique_and_name_only_each_other),
		cmocka_unit_test(rules__in_published_shapes_load_and_slips_show),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
