#include "policyd/ctl/ctl_commands.h"

#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "policyd/ctl/ctl_client.h"
#include "policyd/ctl/ctl_view.h"
#include "proto/host/interrupt.h"
#include "proto/host/os_file.h"
#include "proto/host/places.h"

enum { TOP_LINES = 8, TOP_PAUSE_MS = 1000 };

struct ctl {
	const struct options *options;
	struct ctl_client *client;
	struct control_request request;
	bool json;
};

typedef bool view_answer(struct view json, struct buf *out);

struct command {
	const char *name, *usage, *doc;
	int kind;                              /* enum control_kind */
	view_answer *view;                     /* NULL: as it comes */
	int (*run)(struct ctl *c);             /* NULL: ask and show */
};

static int say_why(const struct diag *why, enum status st)
{
	fprintf(stderr, "policyctl: %s\n", why->text);
	return st == ST_MALFORMED ? 1 : EXIT_NOT_THERE;
}

static int print(struct buf *text)
{
	bool ok = fwrite(text->data, 1, text->len, stdout) == text->len && fflush(stdout) == 0;

	buf_release(text);
	return ok ? 0 : 1;
}

static struct view view_of(const struct buf *b)
{
	return (struct view){ b->data, b->len };
}

/* The answer in *body, which the caller releases. 0, or the exit status. */
static int ask(struct ctl *c, struct buf *body)
{
	struct diag why = DIAG_INIT;
	enum status st;

	buf_init(body, CTL_BODY_BYTES);
	st = ctl_client_ask(c->client, &c->request, body, &why);
	return st == ST_OK ? 0 : say_why(&why, st);
}

static int show(struct ctl *c, view_answer *view)
{
	struct buf body, text;
	int status = ask(c, &body);

	buf_init(&text, CTL_BODY_BYTES);
	if (status == 0 && (c->json || !view)) {
		buf_append(&text, body.data, body.len);
		if (c->json && text.len)
			buf_append_char(&text, '\n');
	} else if (status == 0 && !view(view_of(&body), &text)) {
		fputs("policyctl: the answer cannot be read\n", stderr);
		status = 1;
	}
	buf_release(&body);
	return status ? (buf_release(&text), status) : print(&text);
}

static int ask_reload(struct ctl *c)
{
	struct buf body, text;
	bool ok = false;
	int status = ask(c, &body);

	buf_init(&text, CTL_BODY_BYTES);
	if (status == 0 && !ctl_view_reload(view_of(&body), &text, &ok))
		status = 1;
	if (status == 0 && c->json) {
		buf_clear(&text);
		buf_append(&text, body.data, body.len);
		buf_append_char(&text, '\n');
	}
	buf_release(&body);
	if (status == 0)
		status = print(&text);
	else
		buf_release(&text);
	return status ? status : !ok;
}

static int run_rules(struct ctl *c)
{
	const struct options *o = c->options;
	const char *what = o->operand_count > 1 ? o->operands[1] : "list";
	bool enable = strcmp(what, "enable") == 0;

	if (o->operand_count > 3)
		return EXIT_USAGE;
	c->request.rule = o->operand_count > 2 ? o->operands[2] : "";
	c->request.tag = options_last(o, "--tag");
	if (strcmp(what, "list") == 0)
		return show(c, ctl_view_rules);
	if (!enable && strcmp(what, "disable") != 0)
		return EXIT_USAGE;
	if (!c->request.rule[0] && !c->request.tag)
		return EXIT_USAGE;
	c->request.kind = CONTROL_SELECT_RULES;
	c->request.enable = enable;
	return ask_reload(c);
}

static int run_alerts(struct ctl *c)
{
	const struct options *o = c->options;
	const char *limit = options_last(o, "--limit");
	char *end = NULL;
	unsigned long count = limit ? strtoul(limit, &end, 10) : 0;

	if (limit && (limit[0] < '1' || limit[0] > '9' || *end || count > UINT32_MAX)) {
		fputs("policyctl: --limit wants a number, 1 or more\n", stderr);
		return EXIT_USAGE;
	}
	c->request.since = options_last(o, "--since");
	c->request.rule = options_last(o, "--rule");
	c->request.priority = options_last(o, "--priority");
	c->request.pod = options_last(o, "--pod");
	c->request.text = options_last(o, "--text");
	c->request.limit = (uint32_t)count;
	return show(c, ctl_view_alerts);
}

static bool show_alert(void *ctx, struct view body, const char *message)
{
	const struct ctl *c = ctx;
	struct buf text;

	buf_init(&text, CTL_BODY_BYTES);
	if (message[0])
		fprintf(stderr, "policyctl: %s\n", message);
	if (c->json) {
		buf_append(&text, body.ptr, body.len);
		buf_append_char(&text, '\n');
	} else {
		ctl_view_alert(body, &text);
	}
	return print(&text) == 0;
}

static int run_tail(struct ctl *c)
{
	struct diag why = DIAG_INIT;
	enum status st = ctl_client_follow(c->client, &c->request, show_alert, c, &why);

	return st == ST_OK ? 0 : say_why(&why, st);
}

static int run_top(struct ctl *c)
{
	bool live = !options_has(c->options, "--once") && !c->json && os_is_terminal(stdout);
	struct buf before, now, text;
	int status = ask(c, &before);

	while (status == 0 && !interrupt_seen()) {
		uv_sleep(TOP_PAUSE_MS);
		status = ask(c, &now);
		buf_init(&text, CTL_BODY_BYTES);
		if (live)
			buf_append_str(&text, "\033[H\033[2J");
		if (status == 0 && c->json)
			buf_append(&text, now.data, now.len);
		else if (status == 0 && !ctl_view_top(view_of(&before), view_of(&now), TOP_LINES, &text))
			status = 1;
		if (c->json)
			buf_append_char(&text, '\n');
		if (status == 0)
			status = print(&text);
		else
			buf_release(&text);
		buf_release(&before);
		before = now;
		if (!live)
			break;
	}
	buf_release(&before);
	return status;
}

static const struct command commands[] = {
	{ "status", "", "how policyd is", CONTROL_STATUS, ctl_view_status, NULL },
	{ "reload", "", "read rules and configuration again; says what changed, or why the old ones stay", CONTROL_RELOAD, NULL,
		ask_reload },
	{ "rules", "[list|enable|disable] [PATTERN] [--tag TAG]", "what runs; switch rules until the next start", CONTROL_RULES,
		NULL, run_rules },
	{ "alerts", "[--since 1h] [--rule PATTERN] [--priority P] [--pod POD] [--text T] [--limit N]", "alerts of the store",
		CONTROL_ALERTS, NULL, run_alerts },
	{ "tail", "", "alerts as they come", CONTROL_TAIL, NULL, run_tail },
	{ "top", "[--once]", "events by type, rules by time, processes by events", CONTROL_TOP, NULL, run_top },
	{ "metrics", "", "all figures, in Prometheus' format", CONTROL_METRICS, NULL, NULL },
	{ "spool", "", "what waits for each output", CONTROL_SPOOL, ctl_view_spool, NULL },
	{ "ledger", "", "what became of every record", CONTROL_LEDGER, ctl_view_ledger, NULL },
};

void ctl_commands_describe(FILE *out)
{
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		fprintf(out, "  %-8s %s%s%s\n", commands[i].name, commands[i].usage, commands[i].usage[0] ? "\n           " : "",
			commands[i].doc);
}

static const struct command *find_command(const struct options *o)
{
	for (size_t i = 0; o->operand_count && i < sizeof commands / sizeof commands[0]; i++) {
		if (strcmp(commands[i].name, o->operands[0]) == 0)
			return &commands[i];
	}
	return NULL;
}

int ctl_commands_run(const struct options *o)
{
	const struct command *command = find_command(o);
	const char *path = options_last(o, "--socket");
	struct ctl c = { .options = o, .json = options_has(o, "--json") };
	struct diag why = DIAG_INIT;
	enum status st;
	int status;

	if (!command || (command->run != run_rules && o->operand_count > 1))
		return EXIT_USAGE;
	st = ctl_client_open(path ? path : PLACE_CONTROL, &c.client, &why);
	if (st != ST_OK) {
		fprintf(stderr, "policyctl: %s\n", why.text);
		return EXIT_NOT_THERE;
	}
	c.request.kind = command->kind;
	status = command->run ? command->run(&c) : show(&c, command->view);
	ctl_client_close(c.client);
	return status;
}
