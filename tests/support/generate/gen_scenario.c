#include "tests/support/generate/gen_scenario.h"

#include <stdlib.h>

#include "proto/base/text.h"
#include "tests/support/generate/gen_actions.h"
#include "tests/support/generate/gen_scenario_parts.h"

enum { REG_SZ = 1, DEFAULT_STEP_MS = 5, UNITS_PER_SECOND = 10000000, UNITS_PER_MS = 10000, FIELD_BYTES = 16 * 1024 };

static struct gen_proc *find_proc(const struct gen_scenario *s, const char *name)
{
	for (size_t i = s->proc_count; name && i-- > 0;) {
		if (strcmp(s->procs[i].name, name) == 0)
			return s->procs[i].proc;
	}
	return NULL;
}

static const struct gen_user *find_user(const struct gen_scenario *s, const char *name)
{
	for (size_t i = 0; name && i < s->user_count; i++) {
		if (strcmp(s->user_names[i], name) == 0)
			return &s->users[i];
	}
	return NULL;
}

/* MAX_CONTAINERS: no such container. */
static size_t find_container(const struct gen_scenario *s, const char *name)
{
	for (size_t i = 0; name && i < s->container_count; i++) {
		if (strcmp(s->containers[i].name.ptr, name) == 0)
			return i;
	}
	return MAX_CONTAINERS;
}

/* What a process line says, with user, session and container of the parent where it says nothing. */
static enum status read_spec(struct gen_scenario *s, const struct words *w, struct gen_spec *out, struct gen_proc **parent)
{
	const char *container = words_find(w, "container");
	const struct gen_user *user = find_user(s, words_find(w, "user"));

	*parent = find_proc(s, words_find(w, "parent"));
	*out = (struct gen_spec){ .path = words_get(w, "image", ""), .cmdline = words_get(w, "cmdline", "") };
	out->user = user ? user : *parent ? (*parent)->user : NULL;
	out->session = (uint32_t)words_number(w, "session", *parent ? (*parent)->session : 0);
	out->pid = (uint32_t)words_number(w, "pid", 0);
	out->busy = strcmp(words_get(w, "busy", "no"), "yes") == 0;
	if (*parent)
		out->container = (*parent)->container;
	if (container && find_container(s, container) == MAX_CONTAINERS)
		return gen_scenario_refuse(s, "no container", container);
	if (container)
		out->container = s->containers[find_container(s, container)].silo;
	if (words_find(w, "parent") && !*parent)
		return gen_scenario_refuse(s, "no process", words_find(w, "parent"));
	return out->user ? ST_OK : gen_scenario_refuse(s, "no user", words_find(w, "user"));
}

static enum status name_proc(struct gen_scenario *s, const struct words *w, struct gen_proc *p)
{
	if (!p || s->proc_count == MAX_NAMED || w->plain_count < 2)
		return gen_scenario_refuse(s, "too many processes, or no name", NULL);
	s->procs[s->proc_count++] = (struct named_proc){ w->plain[1], p };
	return ST_OK;
}

static enum status do_running(struct gen_scenario *s, const struct words *w)
{
	struct gen_proc *parent;
	struct gen_spec spec;
	enum status st = read_spec(s, w, &spec, &parent);

	return st == ST_OK ? name_proc(s, w, gen_world_running(s->world, parent, &spec)) : st;
}

static enum status do_start(struct gen_scenario *s, const struct words *w)
{
	struct gen_proc *parent;
	struct gen_spec spec;
	enum status st = read_spec(s, w, &spec, &parent);

	return st == ST_OK ? name_proc(s, w, gen_world_start(s->world, parent, &spec)) : st;
}

static enum status do_begin(struct gen_scenario *s, const struct words *w)
{
	(void)w;
	gen_world_hello(s->world);
	gen_world_rundown(s->world);
	return ST_OK;
}

static enum status do_snapshot(struct gen_scenario *s, const struct words *w)
{
	struct stream_container running[MAX_CONTAINERS];
	size_t count = 0;

	(void)w;
	for (size_t i = 0; i < s->container_count; i++) {
		if (s->container_runs[i])
			running[count++] = s->containers[i];
	}
	gen_world_snapshot(s->world, running, count);
	return ST_OK;
}

static enum status do_keep(struct gen_scenario *s, const struct words *w)
{
	const char *path = words_get(w, "path", "");

	if (w->plain_count > 1 && strcmp(w->plain[1], "file") == 0)
		gen_world_rundown_file(s->world, path);
	else
		gen_world_rundown_key(s->world, path);
	return ST_OK;
}

static enum status do_background(struct gen_scenario *s, const struct words *w)
{
	s->background_per_second = words_number(w, "per_second", 0);
	s->activity.start_processes = strcmp(words_get(w, "processes", "no"), "yes") == 0;
	return ST_OK;
}

static struct gen_proc *actor(struct gen_scenario *s, const struct words *w)
{
	struct gen_proc *p = find_proc(s, w->plain_count > 1 ? w->plain[1] : NULL);

	if (!p || !p->live)
		gen_scenario_refuse(s, "no live process", w->plain_count > 1 ? w->plain[1] : NULL);
	return p && p->live ? p : NULL;
}

static enum status do_silo(struct gen_scenario *s, const struct words *w)
{
	struct gen_proc *p = actor(s, w);
	size_t i = find_container(s, words_find(w, "container"));

	if (!p || i == MAX_CONTAINERS)
		return p ? gen_scenario_refuse(s, "no container", words_find(w, "container")) : ST_MALFORMED;
	gen_world_silo(s->world, p, &s->containers[i].silo, (uint32_t)words_number(w, "job", 1));
	s->container_runs[i] = true;
	return ST_OK;
}

static enum status do_exit(struct gen_scenario *s, const struct words *w)
{
	struct gen_proc *p = actor(s, w);

	if (!p)
		return ST_MALFORMED;
	gen_world_exit(s->world, p, (uint32_t)words_number(w, "code", 0));
	return ST_OK;
}

static enum status do_module(struct gen_scenario *s, const struct words *w)
{
	struct gen_proc *p = actor(s, w);

	if (!p)
		return ST_MALFORMED;
	gen_world_module(s->world, p, words_get(w, "path", ""));
	return ST_OK;
}

static enum status do_file(struct gen_scenario *s, const struct words *w)
{
	struct gen_proc *p = actor(s, w);
	const char *what = words_get(w, "do", "read"), *path = words_get(w, "path", "");
	uint32_t bytes = (uint32_t)words_number(w, "bytes", 4096);
	bool create = strcmp(what, "create") == 0;
	struct gen_file f;

	if (!p)
		return ST_MALFORMED;
	f = gen_file_open(s->world, p, path, create ? GEN_CREATE : GEN_OPEN);
	if (create || strcmp(what, "write") == 0)
		gen_file_write(s->world, p, &f, bytes);
	else if (strcmp(what, "delete") == 0)
		gen_file_delete(s->world, p, &f, path);
	else if (strcmp(what, "rename") == 0)
		gen_file_rename(s->world, p, &f, words_get(w, "to", path));
	else
		gen_file_read(s->world, p, &f, bytes);
	gen_file_close(s->world, p, &f);
	return ST_OK;
}

/* Text data, as REG_SZ: UTF-16 with its NUL. */
static void set_text(struct gen_scenario *s, struct gen_proc *p, uint64_t key, const struct words *w)
{
	const char *data = words_get(w, "data", "");
	uint8_t wide[FIELD_BYTES];
	struct gen_value v = { .name = words_get(w, "value", ""), .type = REG_SZ, .data = wide };

	v.len = text_utf8_to_utf16(data, strlen(data), wide, sizeof wide - 2);
	store_u16le(wide + v.len, 0);
	v.len += 2;
	gen_key_set(s->world, p, key, &v);
}

static enum status do_key(struct gen_scenario *s, const struct words *w)
{
	struct gen_proc *p = actor(s, w);
	const char *what = words_get(w, "do", "query");
	uint64_t key;

	if (!p)
		return ST_MALFORMED;
	key = gen_key_open(s->world, p, words_get(w, "path", ""), strcmp(what, "create") == 0);
	if (strcmp(what, "set") == 0 || strcmp(what, "create") == 0)
		set_text(s, p, key, w);
	else if (strcmp(what, "delete") == 0)
		gen_key_delete_value(s->world, p, key, words_get(w, "value", ""));
	else
		gen_key_query(s->world, p, key, words_get(w, "value", ""));
	gen_key_close(s->world, p, key);
	return ST_OK;
}

/* "192.0.2.7:443" */
static bool parse_end(const char *text, uint8_t address[4], uint16_t *port)
{
	char *end = NULL;

	for (int i = 0; text && i < 4; i++) {
		address[i] = (uint8_t)strtoul(text, &end, 10);
		text = *end == (i < 3 ? '.' : ':') ? end + 1 : NULL;
	}
	if (text)
		*port = (uint16_t)strtoul(text, &end, 10);
	return text && *end == '\0';
}

static enum status do_connect(struct gen_scenario *s, const struct words *w)
{
	struct gen_proc *p = actor(s, w);
	bool inbound = strcmp(w->plain[0], "accept") == 0;
	struct gen_conn c;

	if (!p)
		return ST_MALFORMED;
	if (!parse_end(words_find(w, "local"), c.local, &c.local_port) ||
		!parse_end(words_find(w, "remote"), c.remote, &c.remote_port))
		return gen_scenario_refuse(s, "not address:port", words_find(w, "remote"));
	gen_network(s->world, inbound ? SHAPE_TCP_ACCEPT : SHAPE_TCP_CONNECT, p, &c, 0);
	gen_network(s->world, SHAPE_TCP_SEND, p, &c, (uint32_t)words_number(w, "sent", 400));
	gen_network(s->world, SHAPE_TCP_RECV, p, &c, (uint32_t)words_number(w, "received", 1460));
	gen_network(s->world, SHAPE_TCP_DISCONNECT, p, &c, 0);
	return ST_OK;
}

static enum status do_dns(struct gen_scenario *s, const struct words *w)
{
	struct gen_proc *p = actor(s, w);

	if (!p)
		return ST_MALFORMED;
	gen_dns(s->world, p, words_get(w, "name", ""), words_get(w, "results", ""));
	return ST_OK;
}

static enum status do_script(struct gen_scenario *s, const struct words *w)
{
	struct gen_proc *p = actor(s, w);

	if (!p)
		return ST_MALFORMED;
	gen_script(s->world, p, words_get(w, "text", ""));
	return ST_OK;
}

static const struct verb {
	const char *name;
	bool declares;           /* what must be known before the first record */
	scenario_verb *act;
} verbs[] = {
	{ "machine", true, gen_do_machine },
	{ "volume", true, gen_do_volume },
	{ "user", true, gen_do_user },
	{ "container", true, gen_do_container },
	{ "running", false, do_running },
	{ "begin", false, do_begin },
	{ "keep", false, do_keep },
	{ "background", false, do_background },
	{ "snapshot", false, do_snapshot },
	{ "start", false, do_start },
	{ "exit", false, do_exit },
	{ "silo", false, do_silo },
	{ "module", false, do_module },
	{ "file", false, do_file },
	{ "key", false, do_key },
	{ "connect", false, do_connect },
	{ "accept", false, do_connect },
	{ "dns", false, do_dns },
	{ "script", false, do_script },
};

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	}
	return NULL;
}

/* The next line that says something, in s->words; none left: no words. */
static enum status next_line(struct gen_scenario *s)
{
	enum status st = ST_OK;

	s->words = (struct words){ 0 };
	while (st == ST_OK && s->next && s->words.plain_count == 0) {
		char *line = s->next, *end = strchr(line, '\n');

		if (end)
			*end = '\0';
		s->next = end ? end + 1 : NULL;
		st = words_cut(line, ++s->line, &s->words, s->why);
	}
	return st;
}

enum status gen_scenario_open(char *text, struct gen_scenario **out, struct diag *why)
{
	struct gen_scenario *s = calloc(1, sizeof *s);
	const struct verb *verb;
	enum status st;

	*out = NULL;
	if (!s)
		return ST_NOMEM;
	s->next = text;
	s->why = why;
	s->machine.device_paths = s->volumes;
	while ((st = next_line(s)) == ST_OK && s->words.plain_count > 0) {
		verb = find_verb(s->words.plain[0]);
		if (!verb || !verb->declares)
			break;
		if ((st = verb->act(s, &s->words)) != ST_OK)
			break;
	}
	if (st == ST_OK && s->machine.cpus == 0)
		st = gen_scenario_refuse(s, "the scenario does not begin with", "machine");
	if (st == ST_OK)
		*out = s;
	else
		gen_scenario_close(s);
	return st;
}

void gen_scenario_close(struct gen_scenario *s)
{
	if (!s)
		return;
	gen_world_destroy(s->world);
	free(s);
}

const struct gen_machine *gen_scenario_machine(const struct gen_scenario *s)
{
	return &s->machine;
}

/* Time goes on in steps; background activity fills them evenly. */
static void advance(struct gen_scenario *s, uint64_t units)
{
	uint64_t until = gen_world_now(s->world) + units, step = units;

	if (s->background_per_second)
		step = UNITS_PER_SECOND / s->background_per_second;
	while (gen_world_now(s->world) + step <= until) {
		gen_world_advance(s->world, step);
		if (s->background_per_second)
			gen_activity_step(&s->activity);
	}
	if (gen_world_now(s->world) < until)
		gen_world_advance(s->world, until - gen_world_now(s->world));
}

/* "+1.5 VERB ...": seconds before the line; without, a few milliseconds. */
static enum status play_line(struct gen_scenario *s)
{
	struct words *w = &s->words;
	const struct verb *verb;
	uint64_t units = DEFAULT_STEP_MS * UNITS_PER_MS;

	if (w->plain[0][0] == '+') {
		units = (uint64_t)(strtod(w->plain[0] + 1, NULL) * UNITS_PER_SECOND);
		w->plain_count--;
		memmove(w->plain, w->plain + 1, (size_t)w->plain_count * sizeof w->plain[0]);
	}
	advance(s, units);
	if (w->plain_count == 0)
		return ST_OK;
	verb = find_verb(w->plain[0]);
	if (!verb || verb->declares)
		return gen_scenario_refuse(s, "no such action here:", w->plain[0]);
	return verb->act(s, w);
}

enum status gen_scenario_play(struct gen_scenario *s, const struct gen_output *out, struct diag *why)
{
	enum status st = ST_OK;

	s->why = why;
	s->world = gen_world_create(&s->machine, out);
	if (!s->world)
		return diag_set(why, ST_UNSUPPORTED, "no layouts for build %u", (unsigned)s->machine.build);
	s->activity.world = s->world;
	while (st == ST_OK && s->words.plain_count > 0) {
		st = play_line(s);
		if (st == ST_OK)
			st = gen_world_status(s->world);
		if (st == ST_OK)
			st = next_line(s);
	}
	return st;
}
