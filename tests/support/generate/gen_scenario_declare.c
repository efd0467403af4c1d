#include "tests/support/generate/gen_scenario_parts.h"

#include <stdlib.h>

#include "proto/base/clock.h"

enum status gen_scenario_refuse(struct gen_scenario *s, const char *what, const char *which)
{
	return diag_set(s->why, ST_MALFORMED, "line %d: %s %s", s->line, what, which ? which : "(none)");
}

static struct text_view text_of(const char *text)
{
	return (struct text_view){ text, strlen(text) };
}

/* "2025-03-04T08:00:00Z" -> FILETIME; 0: not a time. Days by Hinnant's civil-from-days, the other way round. */
static uint64_t parse_time(const char *t)
{
	int64_t y, m, d, days, seconds;

	if (!t || strlen(t) != 20 || t[10] != 'T' || t[19] != 'Z')
		return 0;
	y = strtol(t, NULL, 10);
	m = strtol(t + 5, NULL, 10);
	d = strtol(t + 8, NULL, 10);
	y -= m <= 2;
	days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1 - 719468;
	seconds = days * 86400 + strtol(t + 11, NULL, 10) * 3600 + strtol(t + 14, NULL, 10) * 60 + strtol(t + 17, NULL, 10);
	return filetime_from_unix_ns(seconds * 1000000000);
}

enum status gen_do_machine(struct gen_scenario *s, const struct words *w)
{
	s->machine.name = words_get(w, "name", "NODE");
	s->machine.id = words_get(w, "id", "");
	s->machine.os_name = words_get(w, "os", "");
	s->machine.build = (uint32_t)words_number(w, "build", 20348);
	s->machine.cpus = (uint32_t)words_number(w, "cpus", 4);
	s->machine.boot_100ns = parse_time(words_find(w, "boot"));
	s->machine.start_100ns = parse_time(words_find(w, "start"));
	if (!s->machine.boot_100ns || s->machine.start_100ns < s->machine.boot_100ns || s->machine.cpus > WORLD_MAX_CPUS ||
		s->machine.cpus == 0)
		return gen_scenario_refuse(s, "boot, start and cpus must make sense for", s->machine.name);
	return ST_OK;
}

enum status gen_do_volume(struct gen_scenario *s, const struct words *w)
{
	if (s->machine.device_path_count == LIMIT_DEVICE_PATHS)
		return gen_scenario_refuse(s, "too many volumes", NULL);
	s->volumes[s->machine.device_path_count++] = (struct stream_device_path){ text_of(words_get(w, "device", "")),
		text_of(words_get(w, "drive", "")) };
	return ST_OK;
}

enum status gen_do_user(struct gen_scenario *s, const struct words *w)
{
	struct gen_user *u = &s->users[s->user_count];

	if (s->user_count == MAX_USERS || w->plain_count < 2)
		return gen_scenario_refuse(s, "too many users, or no name", NULL);
	u->sid_len = sid_parse(words_get(w, "sid", ""), u->sid);
	u->integrity = (uint32_t)words_number(w, "integrity", 8192);
	if (!u->sid_len)
		return gen_scenario_refuse(s, "not a SID:", words_find(w, "sid"));
	s->user_names[s->user_count++] = w->plain[1];
	return ST_OK;
}

static bool parse_guid(const char *text, struct guid *out)
{
	return text && guid_parse(text, strlen(text), out);
}

enum status gen_do_container(struct gen_scenario *s, const struct words *w)
{
	struct stream_container *c = &s->containers[s->container_count];

	if (s->container_count == MAX_CONTAINERS || w->plain_count < 2 || !parse_guid(words_find(w, "silo"), &c->silo))
		return gen_scenario_refuse(s, "a container needs a name and a silo GUID:", words_find(w, "silo"));
	c->name = text_of(w->plain[1]);
	c->id = text_of(words_get(w, "id", ""));
	c->image = text_of(words_get(w, "image", ""));
	c->type = text_of(words_get(w, "type", ""));
	c->hcs_json = text_of(words_get(w, "hcs", ""));
	s->container_count++;
	return ST_OK;
}
